import { cleanup } from "ink-testing-library"
import { afterEach, expect, test, vi } from "vitest"
import { z } from "zod"
import { DeckError } from "../../src/domain/errors.ts"
import { page } from "../../src/domain/fields.ts"
import { show, shown } from "../../src/domain/safe-text.ts"
import { defineOperation } from "../../src/services/operation.ts"
import { defineTable } from "../../src/ui/kit/table/table-screen.tsx"
import { piece } from "../../src/ui/widgets/line.tsx"
import { changeUser, later, preview } from "../support/fake-changes.ts"
import { type FakeDeck, openConsole } from "../support/test-console.tsx"

afterEach(cleanup)

const row = z.object({ id: z.string(), login: z.string() })
const listPeople = defineOperation({
  words: ["people", "list"],
  summary: "some people",
  input: z.object({}),
  answer: page(row),
  run: () => Promise.reject(new Error("the deck is a fake")),
})

const peopleScreen = defineTable({
  id: "people",
  title: "People",
  tabKey: "1",
  summary: listPeople.summary,
  operation: listPeople,
  noun: ["user", "users"],
  rowId: person => person.id,
  filters: [],
  columns: [{ header: shown`LOGIN`, width: "rest", cell: person => piece(show(person.login)) }],
  bulk: {
    changes: [
      {
        key: "S",
        label: "suspend",
        help: "suspend",
        change: changeUser,
        input: ({ id }) => ({ id, status: "suspended" }),
        options: ["revoke_keys"],
      },
    ],
    name: ({ login }) => login,
  },
})

const PEOPLE = ["alice", "bob", "carol", "dan"].map(login => ({ id: `id of ${login}`, login }))
const done = { answer: null, steps: [{ what: "status" }] }
type Input = { id: string }

/** The list of four people, all of whom are marked, over `deck`. */
async function openMarked(deck: FakeDeck, size?: { columns: number; rows: number }) {
  const change = vi.fn(deck.change ?? (async () => done))
  const run = async () => ({ data: PEOPLE, next_cursor: null })
  const terminal = openConsole([peopleScreen], { run, preview: async () => preview(), ...deck, change }, size)
  await terminal.see("4 shown")
  terminal.press(" ", " ", " ", " ")
  await terminal.see("4 marked")
  return { ...terminal, change, names: () => change.mock.calls.map(call => (call[1] as Input).id) }
}

test("rows are marked by id, counted, and all marks are dropped by Esc", async () => {
  const { lines, press, gone } = await openMarked({}, { columns: 60, rows: 10 })
  expect(lines().slice(1, 7)).toMatchInlineSnapshot(`
    [
      " / no filter",
      " LOGIN",
      "●alice",
      "●bob",
      "●carol",
      "◆dan",
    ]
  `)
  expect(lines().at(-1)).toBe(" S suspend  Esc drop marks  ? help  : palette  q leave")
  press("esc")
  await gone("marked")
})

test("where none is marked the selected row alone is changed, in the dialog for one", async () => {
  const { press, see, gone, names } = await openMarked({})
  press("esc")
  await gone("marked")
  press("k", "S")
  await see("Suspend alice on PROD-EU", "2 API keys keep working", "[ ] revoke the user's API keys as well")
  press("tab", "tab", "enter")
  await see("✓ status")
  expect(names()).toEqual(["id of carol"])
})

const lastAdministrator = new DeckError("conflict", "is the last platform administrator")

test("the previews are counted together, and who is refused is told beforehand", async () => {
  const { see, press, lines } = await openMarked({
    preview: (_, { id }: Input) =>
      id.endsWith("carol") ? Promise.reject(lastAdministrator) : Promise.resolve(preview()),
  })
  press("S")
  await see("What happens")
  expect(lines().filter(line => line.includes("│"))).toMatchInlineSnapshot(`
    [
      "      │ 3 to change                                                                          │",
      "      │   alice, bob, dan                                                                    │",
      "      │ 1 refused:                                                                           │",
      "      │   ✗ carol  is the last platform administrator                                        │",
      "      │                                                                                      │",
      "      │ What happens                                                                         │",
      "      │   each: every session issued until now ends at once                                  │",
      "      │   each: 2 API keys keep working: the platform does not stop them                     │",
      "      │                                                                                      │",
      "      │   [ ] revoke the user's API keys as well                                             │",
      "      │ ▌ reason (optional)                                                                  │",
      "      │                                                             [ Cancel ]   Suspend 3   │",
    ]
  `)
})

test("who changes, who is so already and who is refused add up, everywhere", async () => {
  const { see, press, names } = await openMarked({
    preview: (_, { id }: Input) => {
      if (id.endsWith("carol")) return Promise.reject(lastAdministrator)
      return Promise.resolve(preview(id.endsWith("dan") ? { effects: ["nothing changes"], unchanged: true } : {}))
    },
  })
  press("S")
  await see("Suspend 2 of 4 marked users on", "2 to change", "alice, bob", "1 unchanged: dan", "1 refused:")
  press("tab", "tab")
  await see("[ Suspend 2 ]", "Enter suspend 2")
  press("enter")
  await see("2 changed · 1 unchanged · 1 refused", "· dan    unchanged")
  expect(names()).toEqual(["id of alice", "id of bob"])
})

test("of many names as many as fit stand before what happens, and the others below it", async () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ id: `${index}`, login: `person-${index}` }))
  const run = async () => ({ data: many, next_cursor: null })
  const { see, press } = openConsole(
    [peopleScreen],
    { run, preview: async () => preview() },
    { columns: 100, rows: 18 },
  )
  await see("60 shown")
  press(" ".repeat(60))
  await see("60 marked")
  press("S")
  await see("60 to change", "person-0, person-1,", "person-20 and 39 more", "What happens", "PgDn")
  press("pagedown", "pagedown")
  await see("person-59")
})

test("a name wider than the dialog leaves room for why it is refused", async () => {
  const long = { id: "long", login: "漢".repeat(5000) }
  const { see, press } = openConsole([peopleScreen], {
    run: async () => ({ data: [long], next_cursor: null }),
    preview: () => Promise.reject(lastAdministrator),
  })
  await see("1 shown")
  press(" ", "S")
  await see("0 to change", `✗ ${"漢".repeat(11)}…  `, "is the last platform administrator")
})

test("each row is changed by itself, and told with the reason why it was not; those that changed are easily marked again", async () => {
  const { see, press, gone, names, lines } = await openMarked({
    preview: (_, { id }: Input) =>
      id.endsWith("carol") ? Promise.reject(lastAdministrator) : Promise.resolve(preview()),
    change: async (_, { id }: Input) => {
      if (id.endsWith("bob")) throw new DeckError("conflict", "was deleted meanwhile")
      return id.endsWith("dan") ? { answer: null, steps: [{ what: "sessions (Redis)", owed: "refused" }] } : done
    },
  })
  press("S")
  await see("What happens")
  press("abuse", "tab", "tab", "enter")
  await see(
    "2 changed · 1 refused · 1 failed",
    "✗ bob    was deleted meanwhile",
    "✗ carol  is the last platform administrator",
    "▲ dan    sessions (Redis) (R retries): refused",
    "✓ alice  done",
  )
  expect(names()).toEqual(["id of alice", "id of bob", "id of dan"])
  expect(lines().at(-1)).toBe(" Esc close  Enter close")
  expect(lines().at(-2)).toBe(" * marks the 2 changed again")
  press("enter")
  await gone("failed")
  await see("* mark 2 again")
  expect(lines()[0]).not.toContain("marked")
  press("*")
  await see("2 marked")
})

test("Esc stops after the present row; the rest is not tried and stays marked", async () => {
  const second = later<typeof done>()
  const { see, press, names } = await openMarked({
    change: (_, { id }: Input) => (id.endsWith("bob") ? second.promise : Promise.resolve(done)),
  })
  press("S")
  await see("What happens")
  press("tab", "tab", "enter")
  await see("1 of 4", "bob   Esc stops after it", "✓ alice  done", "… bob    in progress")
  press("esc")
  await see("bob, then it stops")
  second.resolve(done)
  await see("2 changed · 2 not tried", "· carol  not tried")
  expect(names()).toEqual(["id of alice", "id of bob"])
  press("esc")
  await see("2 marked")
})

test("what the next row would meet as well ends it", async () => {
  const { see, press, names } = await openMarked({
    change: () => Promise.reject(new DeckError("unavailable", "PostgreSQL refused")),
  })
  press("S")
  await see("What happens")
  press("tab", "tab", "enter")
  await see("0 changed · 1 failed · 3 not tried", "✗ alice  PostgreSQL refused")
  expect(names()).toEqual(["id of alice"])
  press("esc")
  await see("4 marked")
})

test("nothing can be done when every row is refused", async () => {
  const { see, press, change } = await openMarked({ preview: () => Promise.reject(lastAdministrator) })
  press("S")
  await see("0 to change", "4 refused:", "all of them are refused")
  press("tab", "tab", "enter")
  await see("suspend 0: all of them are refused")
  expect(change).not.toHaveBeenCalled()
})
