import { describe, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { UserRow } from "../../src/domain/user.ts"
import type { Total } from "../../src/services/total.ts"
import { Clock } from "../../src/ui/runtime/clock.ts"
import { Presence } from "../../src/ui/runtime/presence.ts"
import { usersScreen } from "../../src/ui/screens/users/users-list.tsx"
import { clockAt } from "../support/clock.ts"
import { userRow } from "../support/record-screens.ts"
import { openConsole } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

type Answer = () => Promise<{ data: UserRow[]; next_cursor: string | null }>

/** The screen of the users over a deck that gives `answer`. */
const openUsers = (answer: Answer, columns = 100) => openConsole([usersScreen], { run: answer }, { columns, rows: 10 })

const list = (...data: UserRow[]) => Promise.resolve({ data, next_cursor: null })

test("while the first page is read", async () => {
  const { body } = openUsers(() => new Promise(() => {}))
  expect(body()).toMatchInlineSnapshot(`
    [
      " Users   not deleted                                                                       reading…",
      " / status: since: · part of the username, e-mail or login; case-insensitive",
      " LOGIN                NAME               E-MAIL, ✓ verified           STATUS    LAST SEEN SINCE ▼",
      "   reading…",
    ]
  `)
})

test("where a hint has no room it ends with a clause", async () => {
  const { lines, see } = openConsole([usersScreen], { run: () => list() }, { columns: 70, rows: 10 })
  await see("Nothing here yet")
  expect(lines()[1]).toBe(" / status: since: · part of the username, e-mail or login")
})

test("rows, with a word for what is null", async () => {
  const rows = [userRow({}), userRow({ id: "a1", login: null, username: "王小明", email: null, status: "suspended" })]
  const { body, see } = openUsers(() => list(...rows))
  await see("2 shown")
  expect(body().slice(1)).toMatchInlineSnapshot(`
    [
      " / status: since: · part of the username, e-mail or login; case-insensitive",
      " LOGIN                NAME               E-MAIL, ✓ verified           STATUS    LAST SEEN SINCE ▼",
      "▌alice                Alice Liddell    ✓ alice@example.com            active            - 2024-01-01",
      " -                    王小明             -                            suspended         - 2024-01-01",
    ]
  `)
})

test("where a replica is to be read, how far behind it is, or why it was the primary", async () => {
  const heading = async (says: string, columns: number) => {
    const deck = { run: () => list(userRow({})), readFrom: () => ({ says, isReplica: says.startsWith("replica") }) }
    const { body, see } = openConsole([usersScreen], deck, { columns, rows: 10 })
    await see("1 shown")
    return body()[0]
  }
  expect([
    await heading("replica, 2 s behind", 100),
    await heading("replica, 2 s behind", 60),
    await heading("primary: replica 40 s behind", 80),
  ]).toMatchInlineSnapshot(`
    [
      " Users   not deleted · 1 shown                                 replica, 2 s behind · as of 14:02:31",
      " Users · 1 shown       replica, 2 s behind · as of 14:02:31",
      " Users   not deleted · 1 shown    primary: replica 40 s behind · as of 14:02:31",
    ]
  `)
})

test("ages go on with the clock, without another reading", async () => {
  const clock = new Clock()
  let reads = 0
  const read = () => {
    reads++
    return list(userRow({ last_seen_at: "2026-11-22T13:59:31Z" }))
  }
  const { see } = openConsole([usersScreen], { run: read }, { columns: 100, rows: 10 }, { clock })
  await see("active           3m")
  vi.setSystemTime("2026-11-22T14:12:31Z")
  clock.times.set(Date.now())
  await see("active          13m")
  expect(reads).toBe(1)
})

test("a narrow terminal shows who, where and in which state", async () => {
  const { body, see } = openUsers(() => list(userRow({})), 60)
  await see("1 shown")
  expect(body().slice(2)).toMatchInlineSnapshot(`
    [
      " LOGIN                  E-MAIL, ✓ verified       STATUS",
      "▌alice                ✓ alice@example.com        active",
    ]
  `)
})

test("nobody there", async () => {
  const { body, see } = openUsers(() => list())
  await see("Nothing here")
  expect(body().slice(3)).toMatchInlineSnapshot(`
    [
      "",
      "   Nothing here yet.",
    ]
  `)
})

test("nobody there, where PostgreSQL may hide rows", async () => {
  const hiddenRows = "rows may be hidden by row-level security of users"
  const open = (data: UserRow[]) =>
    openConsole([usersScreen], { run: () => list(...data), hiddenRows }, { columns: 80, rows: 10 })
  const { body, see } = open([])
  await see("may be hidden by")
  expect(body().slice(3)).toMatchInlineSnapshot(`
    [
      "",
      "   Nothing here yet.",
      "   rows may be hidden by row-level security of users",
    ]
  `)
  const some = open([userRow({})])
  await some.see("may be hidden")
  expect(some.body()[0]).toMatch(/^ Users {3}not deleted · 1 shown · rows may be hidden +as of /)
})

test("what failed for good says why, how to go on, and the trace", async () => {
  const { body, see } = openUsers(() =>
    Promise.reject(new DeckError("forbidden", "you may not list users", { traceId: "7d1e" })),
  )
  await see("▲")
  expect(body().slice(3)).toMatchInlineSnapshot(`
    [
      "",
      "   ▲ you may not list users",
      "   ^R tries again. trace 7d1e",
    ]
  `)
})

test("what is out of reach is asked for again, and comes", async () => {
  const answers: Answer[] = [
    () => Promise.reject(new DeckError("unavailable", "PostgreSQL refused")),
    () => list(userRow({})),
  ]
  const { body, see } = openUsers(() => (answers.shift() as Answer)())
  await see("▲")
  expect(body().slice(3)).toMatchInlineSnapshot(`
    [
      "",
      "   ▲ PostgreSQL refused",
      "   Trying again by itself.",
    ]
  `)
  await see("Alice Liddell")
})

test("what a stranger put in a name is shown, not obeyed", async () => {
  const { see } = openUsers(() => list(userRow({ username: "\x1b[31mred" })))
  await see("\\x1b[31mred")
})

describe("a list in sight", () => {
  const quick = () => ({ presence: new Presence(30) })
  const alice = userRow({})
  const bob = userRow({ id: "b1", login: "bob", username: "Bob" })

  test("is read again by itself, without a word, and the selection stays with its row", async () => {
    let rows = [alice]
    const { see, body, frame } = openConsole([usersScreen], { run: () => list(...rows) }, undefined, quick())
    await see("1 shown")
    rows = [bob, alice]
    await see("2 shown")
    expect(body().find(line => line.startsWith("▌"))).toContain("alice")
    const seen = new Set<boolean>()
    await until(() => seen.add(frame().includes("reading…")) && rows.length === 2)
    expect([...seen]).toEqual([false])
  })

  test("is not while one types, while a dialog is open, while nobody is there, and while it is hidden", async () => {
    const { presence } = quick()
    const { see, press, gone, queries } = openConsole([usersScreen], { run: () => list(alice) }, undefined, {
      presence,
    })
    /** The interval at which the list is read now. */
    const every = () => {
      const [query] = queries.getQueryCache().findAll({ queryKey: ["users", "list"], type: "active", stale: true })
      const asked = query?.observers[0]?.options.refetchInterval
      return typeof asked === "function" && query ? asked(query) : asked
    }
    const rests = () => until(() => every() === false)
    const goesOn = () => until(() => every() === 30)
    await see("1 shown")
    await goesOn()
    press("/")
    await rests()
    press("esc")
    await goesOn()
    press("y")
    await see("Copy")
    await rests()
    press("esc")
    await gone("Copy")
    await goesOn()
    presence.set({ isIdle: true })
    await rests()
    presence.set({ isIdle: false, isHidden: true })
    await rests()
    presence.set({ isHidden: false })
    await goesOn()
  })

  test("says since when it cannot be read again, and why", async () => {
    let answer: Answer = () => list(alice)
    const { see } = openConsole([usersScreen], { run: () => answer() }, undefined, quick())
    await see("1 shown", "as of")
    answer = () => Promise.reject(new DeckError("unavailable", "PostgreSQL refused"))
    await see("▲ as of", "PostgreSQL refused", "alice")
  })
})

test("how many rows there are in all is exact, about so many, or not said", async () => {
  const people = Array.from({ length: 100 }, (_, n) => userRow({ id: `u${n}` }))
  const page = () => Promise.resolve({ data: people, next_cursor: "more" })
  const open = (total?: Total) => openConsole([usersScreen], { run: page, ...(total && { total }) })
  await open({ rows: 900, isExact: true }).see("· 100 shown of 900 users")
  await open({ rows: 1_234_567, isExact: false }).see("shown of about 1.2 M users")
  await open().see("shown, more below")
})
