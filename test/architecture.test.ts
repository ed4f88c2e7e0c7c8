import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { describe, expect, test } from "vitest"

/** From the ground upwards: a layer may import itself and those before it. `cli` and `ui` are on one floor, and apart. */
const FLOORS: readonly (readonly string[])[] = [
  ["domain"],
  ["config"],
  ["adapters"],
  ["services"],
  ["tail"],
  ["cli", "ui"],
  ["demo"],
  ["main"],
]

/** The same within `ui`; the files directly under ui/ start the console and are on top. */
const UI_FLOORS: readonly (readonly string[])[] = [
  ["terminal"],
  ["keys"],
  ["widgets"],
  ["runtime"],
  ["kit"],
  ["screens"],
  ["shell"],
  ["start"],
]

/** Packages that only some layers may name. */
const RESERVED: readonly (readonly [packages: RegExp, layers: readonly string[]])[] = [
  [/^(react|ink|@inkjs\/.*|@tanstack\/react-query)(\/|$)/, ["ui"]],
  [/^(kysely|pg|ioredis|nodemailer)(\/|$)/, ["adapters", "services"]],
  [/^meow(\/|$)/, ["config"]],
]

/** Administers a server that it starts itself; of the platform's it knows nothing. */
const SERVER_KEEPER = "src/demo/postgres-server.ts"

const root = resolve(import.meta.dirname, "..")
const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter(path => /\.tsx?$/.test(path))
  .map(path => `src/${path}`)

/** Where a file lives; the few files directly under src/ are named for what they serve. */
function layerOf(path: string): string {
  const [, first = "", second] = path.split("/")
  if (second !== undefined) return first
  if (first === "main.ts") return "main"
  return first === "version.ts" ? "domain" : "config"
}

interface Import {
  readonly from: string
  readonly to: string
  readonly dynamic: boolean
  readonly typeOnly: boolean
}

function importsOf(path: string): Import[] {
  const source = readFileSync(join(root, path), "utf8")
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[\w$*{},\s]+?\sfrom\s+)?["']([^"']+)["']|\b(import)\(\s*["']([^"']+)["']\s*\)/g
  return [...source.matchAll(pattern)].map(match => ({
    from: path,
    to: match[2] ?? (match[4] as string),
    dynamic: match[3] !== undefined,
    typeOnly: match[1] !== undefined,
  }))
}

const imports = files.flatMap(importsOf)
const inside = imports
  .filter(({ to }) => to.startsWith("."))
  .map(one => ({ ...one, target: relative(root, resolve(root, dirname(one.from), one.to)) }))
const floorOf = (layer: string) => FLOORS.findIndex(floor => floor.includes(layer))
const tell = ({ from, to }: Import) => `${from} -> ${to}`

describe("the arrows between the layers", () => {
  test("point downwards only", () => {
    const upwards = inside.filter(({ from, target, typeOnly }) => {
      const [source, destination] = [layerOf(from), layerOf(target)]
      if (source === "config" && destination === "adapters") return !typeOnly
      return (
        floorOf(destination) > floorOf(source) || (source !== destination && floorOf(destination) === floorOf(source))
      )
    })
    expect(upwards.filter(({ target }) => target !== "package.json").map(tell)).toEqual([])
  })

  test("inside ui point downwards only", () => {
    const room = (path: string) => /^src\/ui\/(.+?)\//.exec(path)?.[1] ?? "start"
    const floor = (path: string) => UI_FLOORS.findIndex(rooms => rooms.includes(room(path)))
    const within = inside.filter(one => layerOf(one.from) === "ui" && layerOf(one.target) === "ui")
    expect(within.filter(({ from }) => floor(from) < 0).map(tell)).toEqual([])
    expect(within.filter(({ from, target }) => floor(target) > floor(from)).map(tell)).toEqual([])
  })

  test("never lead from one screen to another: what several need is in screens/shared", () => {
    const room = (path: string) => /^src\/ui\/screens\/(.+?)\//.exec(path)?.[1]
    const foreign = inside.filter(({ from, target }) => {
      const [source, destination] = [room(from), room(target)]
      return source && destination && destination !== source && destination !== "shared"
    })
    expect(foreign.map(tell)).toEqual([])
  })

  test("reach reserved packages from their own layers only", () => {
    const foreign = imports.filter(
      ({ from, to }) =>
        from !== SERVER_KEEPER &&
        RESERVED.some(([packages, layers]) => packages.test(to) && !layers.includes(layerOf(from))),
    )
    expect(foreign.map(tell)).toEqual([])
  })

  test("from main to ui and demo are dynamic, so that a command loads neither", () => {
    const eager = inside.filter(
      one => layerOf(one.from) === "main" && /^src\/(ui|demo)\//.test(one.target) && !one.dynamic,
    )
    expect(eager.map(tell)).toEqual([])
  })

  test("leave opening connections to the adapters", () => {
    const openers = /\bnew (Redis|Pool|Client)\(/
    const elsewhere = files.filter(
      path => layerOf(path) !== "adapters" && openers.test(readFileSync(join(root, path), "utf8")),
    )
    expect(elsewhere).toEqual([])
  })
})

/** Packages that are loaded with these files: what they import, and what that imports, dynamic imports left out. */
function packagesLoadedWith(...paths: readonly string[]): string[] {
  const reached = new Set(paths)
  const eager = (one: Import) => reached.has(one.from) && !one.typeOnly && !one.dynamic
  // A set hands out what is added while it is gone through.
  for (const path of reached) {
    for (const { target } of inside.filter(one => one.from === path && eager(one))) reached.add(target)
  }
  return imports.filter(one => eager(one) && !/^(\.|node:)/.test(one.to)).map(({ to }) => to)
}

test("what the console loads before its first paint is small: no library but the one for nearest words", () => {
  expect(packagesLoadedWith("src/main.ts", "src/ui/start.ts")).toEqual(["fastest-levenshtein"])
})

test("what the console loads before the log's first frame has nothing of PostgreSQL, Redis and mail", () => {
  const loaded = new Set(packagesLoadedWith("src/ui/run-console.tsx"))
  expect([...loaded].filter(name => /^(kysely|pg|ioredis|bcryptjs|nodemailer)(\/|$)/.test(name))).toEqual([])
  expect(loaded).toContain("ink")
})

test("no file imports itself by way of others, not even by its types: what it declares is understood without them", () => {
  const next = Map.groupBy(
    inside.filter(({ dynamic }) => !dynamic),
    ({ from }) => from,
  )
  const done = new Set<string>()
  const cycleFrom = (path: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path]
    if (done.has(path)) return undefined
    for (const { target } of next.get(path) ?? []) {
      const cycle = cycleFrom(target, [...way, path])
      if (cycle) return cycle
    }
    done.add(path)
    return undefined
  }
  expect(files.flatMap(path => cycleFrom(path, []) ?? [])).toEqual([])
})

test("process.exit is called by main alone, and by the processes that the demonstration starts", () => {
  const callers = files.filter(path => /\bprocess\.exit\(/.test(readFileSync(join(root, path), "utf8")))
  expect(callers.filter(path => path !== "src/main.ts" && !path.startsWith("src/demo/"))).toEqual([])
})

test("render is called once", () => {
  const callers = files.filter(path =>
    /import \{[^}]*\brender\b[^}]*\} from "ink"/.test(readFileSync(join(root, path), "utf8")),
  )
  expect(callers).toEqual(["src/ui/run-console.tsx"])
})
