import { cleanup, render } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import { ValueStore } from "../../src/domain/store.ts"
import type { SeenFrom } from "../../src/tail/seen-from.ts"
import type { ScreenView } from "../../src/ui/kit/screen.ts"
import { MemoryProvider, type Shell, ShellProvider } from "../../src/ui/kit/shell.ts"
import { entryScreen } from "../../src/ui/screens/log/entry-screen.tsx"
import { FIRST_MS } from "../support/access-log.ts"
import { ALICE, entry, linesOf, openLog, snapshot } from "../support/log-screen.tsx"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

const BOB = "11111111-2222-4333-8444-555555555555"
const SIGN_IN = { method: "POST", path: "/v1/auth/login", status: "401", user_id: "", client_ip: "192.0.2.1" }
const seenUser = (userId: string, requests: number, firstAfter: number | null) => ({
  userId,
  requests,
  last: FIRST_MS + 5000,
  firstAfter,
})
const SEEN: SeenFrom = {
  requests: 120,
  isIncluded: true,
  since: FIRST_MS,
  users: [seenUser(ALICE, 12, FIRST_MS + 4000), seenUser(BOB, 1, null)],
}

/** The screen of a sign-in, of whose address so much was seen. */
async function openEntry(seen: SeenFrom) {
  const opened: unknown[] = []
  const asked: unknown[] = []
  const shell = {
    open: (...what: unknown[]) => void opened.push(what),
    names: {
      states: new ValueStore({ byId: new Map([[ALICE, "Alice Liddell"]]), trouble: undefined }),
      request: () => {},
    },
    incidents: { states: new ValueStore(null) },
    tail: {
      seenFrom: async (...what: unknown[]) => {
        asked.push(what)
        return seen
      },
    },
  } as unknown as Shell
  let view: ScreenView | undefined
  const pivoting = { last: { current: undefined }, take: () => {} }
  const inspection = { ordinal: 0, pivoting, entry: entry(420, SIGN_IN), pairs: Object.entries(SIGN_IN) }
  const Screen = () => {
    view = entryScreen.useView(inspection, { columns: 80, rows: 20 })
    return view.body
  }
  const { lastFrame } = render(
    <ShellProvider value={shell}>
      <MemoryProvider value={new Map()}>
        <Screen />
      </MemoryProvider>
    </ShellProvider>,
  )
  await until(() => lastFrame()?.includes("Seen from"))
  expect(asked).toEqual([["192.0.2.1", inspection.entry.id]])
  const press = (chord: string) => view?.keys.find(({ keys }) => keys.includes(chord))?.press()
  return { lines: () => linesOf(lastFrame()), press, opened }
}

test("an entry shows who was seen from its address, each a line that opens the user", async () => {
  const { lines, press, opened } = await openEntry(SEEN)
  expect(lines().slice(10, 14)).toMatchInlineSnapshot(`
    [
      " Seen from 192.0.2.1 since 22:13:20: 120 requests, 107 without a user",
      " ▌ Alice Liddell  12 requests, last 22:13:25",
      "   1111…  1 request, last 22:13:25",
      "",
    ]
  `)
  press("enter")
  press("j")
  await until(() => lines().some(line => line.startsWith(" ▌ 1111")))
  press("enter")
  expect(opened).toEqual([
    ["user", { id: ALICE }],
    ["user", { id: BOB }],
  ])
})

test("of a request that is older than what is held it says that it is none of these", async () => {
  const { lines } = await openEntry({ ...SEEN, isIncluded: false })
  expect(lines()).toContain("   this request is older, and none of these")
})

/** The log at a failed sign-in, with what is known of its address. */
const atSignIn = (seen: SeenFrom, seenFrom: (place: string) => Promise<SeenFrom> = async () => seen) => {
  const rows = [{ kind: "entry", entry: entry(420, SIGN_IN), at: FIRST_MS + 420 }] as const
  return openLog(snapshot({ rows, end: 1 }), [100, 12], {}, { seenFrom })
}

test("u on a sign-in opens who came signed in from its address next, and says how that was found", async () => {
  const { keys, opened, said } = await atSignIn(SEEN)
  keys.press("u")
  await until(() => said.length > 0)
  expect(opened).toEqual([{ id: ALICE }])
  expect(said).toEqual(["matched by address: this user was seen from 192.0.2.1 4s later"])
})

test("u on a sign-in asks which where several came from its address, the nearest first, and says where nobody did", async () => {
  const bob = seenUser(BOB, 1, FIRST_MS + 1000)
  const { keys, pushed } = await atSignIn({ ...SEEN, users: [...SEEN.users.slice(0, 1), bob] })
  keys.press("u")
  await until(() => pushed.length > 0)
  expect(pushed).toMatchObject([
    {
      id: "menu",
      params: {
        items: [{ text: "1111…  within a second, 1 request" }, { text: "Alice Liddell  4s later, 12 requests" }],
      },
    },
  ])
})

test("u on a sign-in goes by who came before where nobody came later, and says where nobody is known", async () => {
  const before = { ...seenUser(BOB, 1, null), last: FIRST_MS - 120_000 }
  const earlier = await atSignIn({ ...SEEN, users: [before] })
  earlier.keys.press("u")
  await until(() => earlier.said.length > 0)
  expect(earlier.said).toEqual(["matched by address: this user was seen from 192.0.2.1 2m earlier"])
  cleanup()
  const nobody = await atSignIn({ ...SEEN, users: [] })
  nobody.keys.press("u")
  await until(() => nobody.said.length > 0)
  expect(nobody.said).toEqual(["no signed-in user was seen from 192.0.2.1 or its network"])
})

test("u on a sign-in whose address nobody came from signed in opens who came from its network", async () => {
  const seenFrom = async (place: string) => (place === "192.0.2.0/24" ? SEEN : { ...SEEN, users: [] })
  const { keys, opened, said } = await atSignIn(SEEN, seenFrom)
  keys.press("u")
  await until(() => said.length > 0)
  expect(opened).toEqual([{ id: ALICE }])
  expect(said).toEqual(["matched by network: this user was seen from 192.0.2.0/24 4s later"])
})
