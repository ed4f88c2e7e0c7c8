import { expect, test } from "vitest"
import { bind, defineBindings } from "../../../src/ui/keys/binding.ts"
import { KeyMap } from "../../../src/ui/keys/key-map.ts"
import { destinations, screens } from "../../../src/ui/screens/index.ts"
import { scopesOf } from "../../../src/ui/shell/global-bindings.ts"

const run = () => {}
const users = defineBindings([
  { keys: ["S"], label: "suspend", run },
  { keys: ["j", "down"], label: "down", run },
  { keys: ["x"], label: "show all", run },
  { keys: ["enter"], label: "keep", inField: true, run },
])
const runs = defineBindings([{ keys: ["j", "down"], label: "down", run }])
const scopes = new Map<string, typeof users>([
  ["users", users],
  ["runs", runs],
])

const map = (value: unknown) => new KeyMap({ value, label: "keys of profile eu in config.json" })
const keysOf = (value: unknown, scope: string, bindings = users) => {
  const keys = map(value)
  keys.check(scopes)
  return Object.fromEntries(keys.apply(scope, bind(bindings, {})).map(({ name, keys }) => [name, keys.join(" ")]))
}
const refused = (value: unknown) => {
  try {
    map(value).check(scopes)
  } catch (error) {
    return (error as Error).message
  }
  return undefined
}

test("a key is found by its screen and its label, and every screen's by a star; what is named wins", () => {
  const declared = { "users.suspend": "ctrl-o", "*.down": ["n", "space"], "runs.down": "pagedown" }
  expect(keysOf(declared, "users")).toEqual({ suspend: "ctrl-o", down: "n  ", "show all": "x", keep: "enter" })
  expect(keysOf(declared, "runs", runs)).toEqual({ down: "pagedown" })
})

test("of what is heard while text is typed, too, the letters are for when it is not", () => {
  const both = defineBindings([
    { keys: ["j", "down"], label: "down", run },
    { keys: ["down"], label: "down", inField: true, run },
  ])
  const keys = map({ "*.down": ["n", "ctrl-n"] })
  keys.check(new Map([["gateway", both]]))
  expect(keys.apply("gateway", bind(both, {})).map(key => key.keys)).toEqual([["n", "ctrl-n"], ["ctrl-n"]])
})

test("two keys can change places", () => {
  expect(keysOf({ "users.suspend": "x", "users.show all": "S" }, "users")).toMatchObject({
    suspend: "x",
    "show all": "S",
  })
})

test("a mistake is one line that names the entry", () => {
  const at = "keys of profile eu in config.json: "
  expect(refused([])).toBe(`${at}expected an object such as {"users.suspend": "ctrl-x"}`)
  expect(refused({ "user.suspend": "z" })).toContain(`${at}user.suspend: no such screen; did you mean users?`)
  expect(refused({ suspend: "z" })).toContain(`${at}suspend: no such screen`)
  expect(refused({ "users.suspnd": "z" })).toBe(`${at}users.suspnd: no such key; did you mean suspend?`)
  expect(refused({ "*.fly": "z" })).toContain(`${at}*.fly: no such key`)
  for (const key of ["f5", "ctrl-i", "ctrl-1", "xy", "", " ", "\x1b", 3, null]) {
    expect(refused({ "users.suspend": key })).toContain(`${at}users.suspend: `)
  }
  expect(refused({ "users.suspend": [] })).toContain(`${at}users.suspend: expected a key, or several`)
  expect(refused({ "users.suspend": "x" })).toBe(`${at}users.suspend: x is the key of "show all" there`)
  expect(refused({ "users.keep": "k" })).toContain(`${at}users.keep: it also works while typing`)
})

test("every key that there is can be called by its name alone", () => {
  for (const [scope, bindings] of scopesOf(screens, destinations)) {
    const names = bindings.map(({ label, inField }) => `${scope}.${label}${inField ? ", in a field" : ""}`)
    expect(names).toEqual([...new Set(names)])
  }
})

test("moving by other keys as well, on every screen, clashes with nothing that there is", () => {
  const everywhere = scopesOf(screens, destinations)
  const declared = { "*.down": ["j", "down", "ctrl-n"], "*.up": ["k", "up", "ctrl-p"], "*.help": ["?", "f"] }
  expect(() => map(declared).check(everywhere)).not.toThrow()
})
