import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import type { DimensionKey } from "../../src/domain/movers/dimension-keys.ts"
import type { Mover, MoversSnapshot, MoversWatch } from "../../src/domain/movers/movers-snapshot.ts"
import type { TailClient } from "../../src/ui/runtime/tail-client.ts"
import { ALICE, entry, openLog, snapshot } from "../support/log-screen.tsx"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

const mover = (value: string, changes: Partial<Mover> = {}): Mover => ({
  value,
  perSecond: 12,
  share: 0.056,
  refused: 0,
  failed: 0,
  p95: 42,
  before: 10,
  error: 0,
  count: 300,
  ...changes,
})

const dimension = (key: DimensionKey, movers: readonly Mover[], distinct = movers.length, isWhole = true) => ({
  key,
  movers,
  distinct,
  isWhole,
})

const ATTACKER = mover("203.0.113.7", { perSecond: 41.4, share: 0.19, refused: 0.92, p95: 3, before: 0 })

const MOVERS: MoversSnapshot = {
  watch: { minutes: 5, sort: "rate", rows: 10 },
  perSecond: 214,
  seenSeconds: 300,
  dimensions: [
    dimension(
      "ip",
      [
        ATTACKER,
        mover("198.51.100.24", { failed: 0.04 }),
        mover("2001:db8:85a3::8a2e:370:7334", { perSecond: 6, error: 0.4, before: null }),
      ],
      1204,
      false,
    ),
    dimension("network", [mover("203.0.113.0/24", { perSecond: 44, before: 4 })]),
    dimension("user", [mover(ALICE, { perSecond: 2.04, p95: 2004, before: 2 })], 12),
    dimension("route", [mover("/v1/threads/:id/runs", { failed: 0.31, refused: 0.004, before: 12 })]),
    dimension("country", []),
    dimension("status", [mover("503", { failed: 1, p95: null, before: 24 })]),
  ],
}

const BESIDE: [number, number] = [160, 20]
const INSTEAD: [number, number] = [80, 16]

async function openMovers(size = BESIDE, movers: MoversSnapshot | null = MOVERS, tail: Partial<TailClient> = {}) {
  const watched: (MoversWatch | null)[] = []
  const log = await openLog(snapshot({ movers }), size, {}, { watchMovers: watch => void watched.push(watch), ...tail })
  /** The panel alone. */
  const panel = () => log.lines().flatMap(line => line.split("│")[1] ?? [])
  return { ...log, watched, panel }
}

test("beside the log: who sends most, and how that changed", async () => {
  const { panel, lines, watched } = await openMovers()
  expect(panel()).toMatchInlineSnapshot(`
    [
      " movers 5m  by rate ▾                                 Tab",
      " IP  3 of 1 204+           req/s  4xx  5xx   p95 vs before",
      " 203.0.113.7                  41  92%   0%   3ms     new ▲",
      " 198.51.100.24                12   0%   4%  42ms      +20%",
      " 2001:db8:85a3::8a2e:370…   ~6.0   0%   0%  42ms         -",
      " NETWORK",
      " 203.0.113.0/24               44   0%   0%  42ms     11x ▲",
      " USER  1 of 12",
      " Alice Liddell               2.0   0%   0%  2.0s       +2%",
      " PATH",
      " /v1/threads/:id/runs         12  <1%  31%  42ms        0%",
      " STATUS",
      " 503                          12   0% 100%     -      -50%",
    ]
  `)
  expect(lines().find(line => line.includes("TIME"))).toMatch(/^ TIME .* PATH +│ movers 5m/)
  expect(watched).toEqual([{ minutes: 5, sort: "rate", rows: 10 }])
})

test("in the place of the rows where there is no room beside them, from m until Esc", async () => {
  const { keys, see, lines, watched } = await openMovers(INSTEAD)
  expect(watched).toEqual([null])
  expect(lines().join()).not.toContain("movers")
  keys.press("m")
  await see("movers 5m")
  expect(lines().slice(-13)).toMatchInlineSnapshot(`
    [
      "▌movers 5m  by rate ▾",
      " IP  3 of 1 204+                           req/s share  4xx  5xx   p95 vs before",
      "▌203.0.113.7                                  41   19%  92%   0%   3ms     new ▲",
      " 198.51.100.24                                12    6%   0%   4%  42ms      +20%",
      " 2001:db8:85a3::8a2e:370:7334               ~6.0    6%   0%   0%  42ms         -",
      " NETWORK",
      " 203.0.113.0/24                               44    6%   0%   0%  42ms     11x ▲",
      " USER  1 of 12",
      " Alice Liddell                               2.0    6%   0%   0%  2.0s       +2%",
      " PATH",
      " /v1/threads/:id/runs                         12    6%  <1%  31%  42ms        0%",
      " STATUS",
      " 503                                          12    6%   0% 100%     -      -50%",
    ]
  `)
  keys.press("esc")
  await see("TIME")
  expect(lines().join()).not.toContain("movers")
  await until(() => watched.length === 3)
  expect(watched).toEqual([null, { minutes: 5, sort: "rate", rows: 10 }, null])
})

test("m hides it, and Tab brings it back with the keyboard, which the log's row then has no longer", async () => {
  const { keys, see, lines } = await openMovers()
  keys.press("m")
  await until(() => !lines().join().includes("movers"))
  keys.press("tab")
  await see("▌movers")
  expect(lines().filter(line => line.includes("│▌"))).toHaveLength(2)
  keys.press("tab")
  await see("│ movers")
})

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

type Menu = { readonly at: number; readonly items: readonly { readonly text: string; take(): void }[] }

/** Opens the menu of orders, and takes one of them. */
function chooseOrder({ keys, pushed }: Pick<Awaited<ReturnType<typeof openMovers>>, "keys" | "pushed">, text: string) {
  keys.press("s")
  const menu = pushed.at(-1)?.params as Menu
  menu.items.find(item => item.text === text)?.take()
  return menu
}

test("the number that they are ordered by is in sight, and ~ turns the order around", async () => {
  const seldom = mover("198.51.100.9", { perSecond: 1 / 300, count: 1, refused: 1 })
  const dimensions = [dimension("ip", [ATTACKER, seldom])]
  const { keys, see, panel, watched, pushed } = await openMovers(BESIDE, { ...MOVERS, dimensions })
  expect(panel()[3]).toMatch(/^ 198\.51\.100\.9 +1 req/)
  chooseOrder({ keys, pushed }, "▾ most refusals (4xx)")
  await see("4xx/s")
  expect(panel()[2]).toMatch(/^ 203\.0\.113\.7 +38 +92%/)
  expect(panel()[3]).toMatch(/^ 198\.51\.100\.9 +1 req/)
  keys.press("~")
  await see("by 4xx ▴")
  await until(() => watched.at(-1)?.reversed === true)
  chooseOrder({ keys, pushed }, "▴ fewest failures (5xx)")
  await see("by 5xx ▴")
  await see("5xx/s")
  expect(chooseOrder({ keys, pushed }, "▾ largest change").at).toBe(7)
  await see("+-/s")
  expect(panel()[2]).toMatch(/^ 203\.0\.113\.7 +\+41/)
})

test("s and p ask for another order and another window", async () => {
  const { keys, see, watched, pushed } = await openMovers()
  keys.press("tab")
  await see("▌movers")
  chooseOrder({ keys, pushed }, "▾ most refusals (4xx)")
  await see("movers 5m  by 4xx")
  keys.press("p")
  await see("movers 15m  by 4xx")
  await until(() => watched.at(-1)?.minutes === 15)
  expect(watched.at(-1)).toEqual({ minutes: 15, sort: "refused", rows: 10 })
})

test("s and p do the same from the log while the panel stands beside it, and nothing where it does not", async () => {
  const { keys, see, watched, pushed } = await openMovers()
  chooseOrder({ keys, pushed }, "▾ most refusals (4xx)")
  await see(" movers 5m  by 4xx")
  keys.press("p")
  await see(" movers 15m  by 4xx")
  await until(() => watched.at(-1)?.minutes === 15)
  const { keys: narrow } = await openMovers(INSTEAD)
  expect([narrow.press("s").kind, narrow.press("p").kind]).toEqual(["nothing", "nothing"])
})

test("f gives the selected row's dimension the panel, up to 100 of it; Esc folds it, then goes to the log", async () => {
  const addresses = Array.from({ length: 100 }, (_, n) => mover(`10.0.0.${n}`))
  const [ip, ...others] = MOVERS.dimensions
  const many = { ...MOVERS, dimensions: [{ ...ip!, movers: addresses }, ...others] }
  const { keys, see, panel, watched } = await openMovers(BESIDE, many)
  keys.press("tab")
  await see("▌movers")
  expect(panel()[1]).toContain("IP  7 of 1 204+")
  keys.press("v")
  await see("IP  100 of 1 204+")
  expect(panel().join()).not.toContain("NETWORK")
  await until(() => watched.at(-1)?.only === "ip")
  expect(watched.at(-1)).toEqual({ minutes: 5, sort: "rate", rows: 100, only: "ip" })
  keys.press("G")
  await see("▌10.0.0.99 ")
  expect(panel()[1]).toContain("IP  100 of 1 204+")
  keys.press("esc")
  await see("NETWORK")
  expect(panel()[0]).toContain("▌movers")
  await until(() => watched.at(-1)?.only === undefined)
  keys.press("v")
  await see("IP  100 of 1 204+")
  keys.press("v")
  await see("NETWORK")
  keys.press("esc")
  await see("│ movers")
})

test("f folds a dimension again that has nobody any more, and says that it has none", async () => {
  const { keys, see, snapshots } = await openMovers()
  keys.press("tab")
  await see("▌movers")
  keys.press("v")
  await see("▌203.0.113.7 ")
  snapshots.set(snapshot({ movers: { ...MOVERS, dimensions: [dimension("ip", [])] } }))
  await see("no IP in this time")
  keys.press("v")
  await see("no requests in this time")
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
  expect(keys.press("u")).toMatchObject({ kind: "refused", reason: "user: only a row below USER is a user" })
  for (const _ of "1234") keys.press("j")
  await until(() => panel().some(line => line.startsWith("▌Alice Liddell")))
  expect(keys.press("u").kind).toBe("press")
  expect(opened).toEqual([{ id: ALICE }])
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
  expect(said).toEqual(["threshold: most of these requests have no risk score"])
})

test("it says what it does not know yet: nothing counted, a part of the window, nobody there", async () => {
  const { panel, snapshots, see } = await openMovers(BESIDE, null)
  expect(panel().slice(0, 2).join("\n")).toMatch(/movers 5m .*\n counting…$/)
  snapshots.set(snapshot({ movers: { ...MOVERS, seenSeconds: 42 } }))
  await see("42s seen")
  snapshots.set(snapshot({ movers: { ...MOVERS, dimensions: [] } }))
  await see("no requests in this time")
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
