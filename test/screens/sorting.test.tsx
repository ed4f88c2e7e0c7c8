import { expect, test } from "vitest"
import type { UserRow } from "../../src/domain/user.ts"
import { usersScreen } from "../../src/ui/screens/users/users-list.tsx"
import { userRow } from "../support/record-screens.ts"
import { openConsole } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

const PEOPLE = ["alice", "bob", "carol", "dave"].map(name => userRow({ id: name, login: name, username: name }))

/** The screen of four users, newest first or by their names, and what it asked for. */
function openUsers({ columns = 100, unserved = {} as Record<string, string>, rows = PEOPLE as UserRow[] } = {}) {
  const asked: Record<string, unknown>[] = []
  const run = async (_: unknown, input: Record<string, unknown>) => {
    asked.push(input)
    const data = rows.filter(row => input.filter === undefined || input.filter === `status:${row.status}`)
    return { data: input.sort === "-username" ? data.toReversed() : data, next_cursor: null }
  }
  const opened = openConsole([usersScreen], { run: run as never, unserved }, { columns, rows: 24 })
  return { ...opened, asked }
}

/** The logins in sight, the selected one after a mark. */
const logins = (lines: readonly string[]) => lines.flatMap(line => /^[▌ ](alice|bob|carol|dave)/.exec(line)?.[0] ?? [])

test("s sorts by what it offers, up or down; the header says how, and the first row is selected", async () => {
  const { lines, see, press, asked } = openUsers()
  await see("4 shown", "SINCE ▼")
  await press("j", "s")
  await see("Sort by", "▌ SINCE               ▼ newest first", "NAME                ▲ ascending")
  await press("j", "j", "j", "j", "enter")
  await see("NAME ▼")
  await until(() => logins(lines()).join() === "▌dave, carol, bob, alice")
  expect(lines().join("\n")).not.toContain("SINCE ▼")
  expect(asked.at(-1)).toMatchObject({ sort: "-username" })
})

test("a sort outlasts a filter, its end and a refresh, and is part of the command", async () => {
  const { see, press, asked } = openUsers()
  await see("4 shown")
  await press("s", "j", "j", "j", "j", "enter", "v")
  await see("NAME ▼", "4 shown")
  await until(() => asked.at(-1)?.filter === "status:active")
  expect(asked.at(-1)).toMatchObject({ filter: "status:active", sort: "-username" })
  await press("Y")
  await see("opsdeck users list --sort=-username status:active")
  await press("esc", "x")
  await see("not deleted")
  await until(() => asked.at(-1)?.filter === undefined)
  expect(asked.at(-1)).toMatchObject({ sort: "-username" })
  const before = asked.length
  await press("ctrl-r")
  await until(() => asked.length > before)
  expect(asked.at(-1)).toMatchObject({ sort: "-username" })
})

test("the list's own order is asked for by no sort, as a command it has none either", async () => {
  const { see, press, asked } = openUsers()
  await see("4 shown")
  await press("s", "j", "enter")
  await see("SINCE ▲")
  await press("s", "k", "enter")
  await see("SINCE ▼")
  await until(() => asked.at(-1)?.sort === undefined)
  await press("Y")
  await see("opsdeck users list ")
})

test("where the sorted column is not in sight, the line above says it", async () => {
  const { see, press, lines } = openUsers({ columns: 60 })
  await see("4 shown")
  await press("s", "j", "j", "j", "j", "enter")
  await see("by NAME ▼ · 4 shown")
  expect(lines()[5]).not.toContain("▼")
})

test("what no index serves cannot be chosen, and says what would make it possible", async () => {
  const index = "CREATE INDEX CONCURRENTLY users_username ON users (username, id);"
  const { see, press, lines, asked } = openUsers({
    unserved: { username: `no index serves username in this database; this makes one: ${index}` },
  })
  await see("4 shown")
  await press("s", "j", "j", "j", "j")
  await see("▌ NAME", "no index serves username", "CONCURRENTLY")
  await press("enter")
  await see("below the menu")
  await press("esc")
  expect(lines().join("\n")).toContain("SINCE ▼")
  expect(asked.every(({ sort }) => sort === undefined)).toBe(true)
})
