import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import { ALICE, entry, NOW, snapshot } from "../support/log-screen.tsx"
import { BESIDE, MOVERS, openMovers } from "../support/movers-screen.ts"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

const BOB = "11111111-2222-4333-8444-555555555555"

test("Enter takes only the requests of the selected row, which is its value's wherever that moves", async () => {
  const { keys, see, panel, filters, snapshots } = await openMovers()
  keys.press("tab")
  await see("▌203.0.113.7 ")
  const [ip, ...others] = MOVERS.dimensions
  const turned = [...(ip?.movers ?? [])].reverse()
  snapshots.set(snapshot({ movers: { ...MOVERS, dimensions: [{ ...ip!, movers: turned }, ...others] } }))
  await until(() => panel()[2]?.includes("2001:db8") ?? false)
  expect(panel()[4]).toMatch(/^▌203\.0\.113\.7 /)
  keys.press("enter")
  await until(() => filters.length > 0)
  expect(filters).toEqual(["ip:203.0.113.7"])
  await see("│ movers")
})

test("+ narrows and stays, - leaves out, and < takes each back", async () => {
  const { keys, see, filters, panel } = await openMovers()
  const pressed = async (key: string) => {
    const { length } = filters
    keys.press(key)
    await until(() => filters.length > length)
    return filters.at(-1)
  }
  keys.press("tab")
  await see("▌movers")
  keys.press("j")
  await until(() => panel()[3]?.startsWith("▌198.51.100.24") ?? false)
  expect(await pressed("+")).toBe("ip:198.51.100.24")
  keys.press("j")
  keys.press("j")
  await until(() => panel().some(line => line.startsWith("▌203.0.113.0/24")))
  expect(await pressed("-")).toBe("ip:198.51.100.24 -ip:203.0.113.0/24")
  expect(panel()[0]).toContain("▌movers")
  expect(await pressed("<")).toBe("ip:198.51.100.24")
  expect(await pressed("<")).toBe("")
})

test("Space marks several of a list, which go into the filter together, or all but them", async () => {
  const { keys, see, filters, panel } = await openMovers()
  keys.press("tab")
  await see("▌203.0.113.7")
  const markTwo = async () => {
    keys.press(" ")
    await until(() => panel()[3]?.startsWith("▌") ?? false)
    keys.press(" ")
    await until(() => panel()[4]?.startsWith("▌") ?? false)
    expect(panel().filter(line => line.startsWith("●"))).toHaveLength(2)
  }
  await markTwo()
  keys.press("+")
  await until(() => filters.length > 0)
  expect(filters).toEqual(["ip:203.0.113.7,198.51.100.24"])
  await until(() => !panel().some(line => line.startsWith("●")))
  keys.press("g")
  await see("▌203.0.113.7")
  await markTwo()
  keys.press("-")
  await until(() => filters.length > 1)
  expect(filters.at(-1)).toBe("-ip:203.0.113.7,198.51.100.24")
})

test("Esc drops the marks first, and } leads from list to list", async () => {
  const { keys, see, panel } = await openMovers()
  keys.press("tab")
  await see("▌203.0.113.7")
  keys.press("}")
  await see("▌203.0.113.0/24")
  keys.press("}")
  await see("▌Alice Liddell")
  keys.press("{")
  await see("▌203.0.113.0/24")
  keys.press(" ")
  await until(() => panel().some(line => line.startsWith("●203.0.113.0/24")))
  keys.press("esc")
  await until(() => !panel().some(line => line.startsWith("●")))
  expect(panel()[0]).toContain("▌movers")
})

test("y copies the value of the row, and says so", async () => {
  const { keys, see, said } = await openMovers()
  keys.press("tab")
  await see("▌movers")
  keys.press("y")
  expect(said).toEqual(["203.0.113.7, 11 bytes, sent to the clipboard: paste to check"])
})

test("u opens the user of a row, and says where there is none", async () => {
  const { keys, see, opened, panel } = await openMovers()
  keys.press("tab")
  await see("▌movers")
  for (const _ of "1234") keys.press("j")
  await until(() => panel().some(line => line.startsWith("▌Alice Liddell")))
  expect(keys.press("u").kind).toBe("press")
  expect(opened).toEqual([{ id: ALICE }])
  keys.press("j")
  await until(() => panel().some(line => line.startsWith("▌/v1/threads")))
  expect(keys.press("u")).toMatchObject({
    kind: "refused",
    reason: "user: only users, addresses and networks lead to users",
  })
})

test("u on an address or a network opens who was seen from it, asks which of several, and says where nobody was", async () => {
  const from: Record<string, string[]> = { "203.0.113.7": [ALICE], "203.0.113.0/24": [ALICE, BOB] }
  const seenFrom = async (place: string) => ({
    requests: 9,
    isIncluded: false,
    since: NOW,
    users: (from[place] ?? []).map(userId => ({ userId, requests: 2, last: NOW, firstAfter: NOW })),
  })
  const { keys, see, opened, pushed, said } = await openMovers(BESIDE, MOVERS, { seenFrom })
  keys.press("tab")
  await see("▌203.0.113.7 ")
  keys.press("u")
  await until(() => opened.length === 1)
  expect(opened).toEqual([{ id: ALICE }])
  expect(said).toEqual(["matched by address: this user was seen from 203.0.113.7 last at 22:13:30"])
  keys.press("j")
  await see("▌198.51.100.24")
  keys.press("u")
  await until(() => said.at(-1) === "no signed-in user was seen from 198.51.100.24")
  keys.press("}")
  await see("▌203.0.113.0/24")
  keys.press("u")
  await until(() => pushed.length > 0)
  expect(pushed).toMatchObject([
    {
      id: "menu",
      params: {
        title: "Users from 203.0.113.0/24",
        items: [{ text: "Alice Liddell  last at 22:13:30, 2 requests" }, {}],
      },
    },
  ])
})

test("T proposes the median risk of the newest requests of the row as the threshold", async () => {
  const asked: string[] = []
  const { keys, see, opened } = await openMovers(BESIDE, MOVERS, {
    async *matches({ text }) {
      asked.push(text)
      const entries = ["0", "85", "90", "80", "85"].map((risk_score, n) => entry(n, { risk_score }))
      yield { entries, next: null, missed: 0 }
    },
  })
  keys.press("tab")
  await see("▌movers")
  keys.press("T")
  await until(() => opened.length > 0)
  expect(opened).toEqual([{ threshold: 0.85 }])
  expect(asked).toEqual(["ip:203.0.113.7"])
})

test("T says that requests without a risk are rejected by no threshold", async () => {
  const { keys, see, said } = await openMovers(BESIDE, MOVERS, {
    async *matches() {
      yield { entries: [entry(1, { risk_score: "0" })], next: null, missed: 0 }
    },
  })
  keys.press("tab")
  await see("▌movers")
  keys.press("T")
  await until(() => said.length > 0)
  expect(said).toEqual(["threshold: the risk of most of these requests is 0 or unknown"])
})

test("+ on a request offers its fields, as they will stand in the filter; - the same to be left out", async () => {
  const { keys, see, pushed } = await openMovers()
  keys.press("k")
  await see("paused")
  keys.press("+")
  keys.press("-")
  expect(pushed).toMatchObject([
    {
      id: "pivot",
      params: { terms: expect.arrayContaining([expect.objectContaining({ key: "status", values: ["404"] })]) },
    },
    { id: "pivot", params: { terms: expect.arrayContaining([expect.objectContaining({ key: "ip", negated: true })]) } },
  ])
})

/** The input of the change whose dialog was opened last, and the boxes that it offers. */
const asked = (pushed: readonly { id: string; params: unknown }[]) => {
  const { id, params } = pushed.at(-1) ?? {}
  const { input, options } = params as { input: unknown; options: unknown }
  return { id, input, options }
}

test("S on a user of the movers opens the dialog that suspends them, with boxes for their keys, automation and runs", async () => {
  const { keys, see, pushed } = await openMovers()
  keys.press("tab")
  await see("▌203.0.113.7")
  keys.press("}")
  await see("▌203.0.113.0/24")
  keys.press("}")
  await see("▌Alice Liddell")
  keys.press("S")
  const options = ["revoke_keys", "pause_automation", "cancel_runs"]
  expect(asked(pushed)).toEqual({ id: "action", input: { id: ALICE, status: "suspended" }, options })
})

const requestsOf = (...users: string[]) => ({ entries: users.map((user_id, n) => entry(n, { user_id })) })

test("X on an address leads to who was signed in from it", async () => {
  const filters: string[] = []
  const matches = async function* ({ text }: { text: string }) {
    filters.push(text)
    yield requestsOf(ALICE, "", ALICE)
  }
  const { keys, see, pushed } = await openMovers(BESIDE, MOVERS, { matches: matches as never })
  keys.press("tab")
  await see("▌203.0.113.7")
  keys.press("X")
  await until(() => pushed.length > 0)
  expect(asked(pushed)).toEqual({ id: "action", input: { user: ALICE }, options: ["children"] })
  expect(filters).toEqual(["ip:203.0.113.7"])
})

test("S on an address says that nobody was signed in from it, and asks which where several were", async () => {
  const pages = [requestsOf("", ""), requestsOf(BOB, ALICE, BOB)]
  const matches = async function* () {
    yield pages.shift()
  }
  const { keys, see, pushed, said } = await openMovers(BESIDE, MOVERS, { matches: matches as never })
  keys.press("tab")
  await see("▌203.0.113.7")
  keys.press("S")
  await until(() => said.length > 0)
  expect(said).toEqual(["nobody was signed in with the newest 2 of these requests"])
  keys.press("S")
  await until(() => pushed.length > 0)
  const { title, items } = pushed[0]!.params as { title: string; items: { text: string; take: () => void }[] }
  expect([title, ...items.map(({ text }) => text)]).toEqual([
    "Users seen with 203.0.113.7: suspend",
    "1111…  2 requests",
    "Alice Liddell  1 request",
  ])
  items[0]?.take()
  expect(asked(pushed).input).toEqual({ id: BOB, status: "suspended" })
})
