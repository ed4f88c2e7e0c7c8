import { cleanup, render } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import { ValueStore } from "../../src/domain/store.ts"
import type { TailSnapshot } from "../../src/tail/protocol.ts"
import type { Chord } from "../../src/ui/keys/chord.ts"
import type { Destinations } from "../../src/ui/kit/destinations.ts"
import type { ScreenView } from "../../src/ui/kit/screen.ts"
import { MemoryProvider, type Shell, ShellProvider } from "../../src/ui/kit/shell.ts"
import { entryScreen } from "../../src/ui/screens/log/entry-screen.tsx"
import { ALICE, entry, linesOf, NOW, openLog, ROWS, snapshot } from "../support/log-screen.tsx"
import { STATISTICS } from "../support/statistics.ts"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

test("live: figures, a loss between the rows, names, and what is missing or hostile", async () => {
  const { lines } = await openLog(snapshot())
  expect(lines()).toMatchInlineSnapshot(`
    [
      " ● live  214/s ▂▅█▂▅█▂▅█▂▅█▂▅█▂▅█▂▅  2xx 91% 3xx 2% 4xx 6% 5xx 1%   p50 42ms  p95 380ms  9 812 held",
      " / no filter",
      " TIME         METHOD STAT   DUR IP              CC RISK USER           PATH",
      " ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ k reads older entries ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
      " 22:13:20.114 POST    503  1.2s 203.0.113.7     DE 0.85 -              /n/114",
      " ┄┄┄┄┄┄┄┄┄┄┄ 4 900 entries were trimmed before they could be read, 22:13:30 to 22:13:51 ┄┄┄┄┄┄┄┄┄┄┄",
      " 22:13:20.420 GET     404  42ms 2001:db8::17    DE 0.05 Alice Liddell  /n/420",
      "▌22:13:20.500 GET       -     - 203.0.113.7     DE    - -              /日本語/\\u202egnp.exe",
    ]
  `)
})

test("live on the smallest screen", async () => {
  const { lines } = await openLog(snapshot(), [60, 8])
  expect(lines()).toMatchInlineSnapshot(`
    [
      " ● live  214/s  2xx 91% 3xx 2% 4xx 6% 5xx 1%     9 812 held",
      " / no filter",
      " TIME         METHOD STAT IP              PATH",
      " ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ k reads older entries ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
      " 22:13:20.114 POST    503 203.0.113.7     /n/114",
      " ┄ 4 900 entries were trimmed before they could be read, 22…",
      " 22:13:20.420 GET     404 2001:db8::17    /n/420",
      "▌22:13:20.500 GET       - 203.0.113.7     /日本語/…2egnp.exe",
    ]
  `)
})

/** A tail whose filter is passed by a part of the traffic. */
const filtering = (changes: Partial<TailSnapshot> = {}) =>
  snapshot({
    filter: "status>=400",
    matching: ROWS.length,
    timeline: { from: NOW - 60_000, barMs: 5000, ok: [40, 80, 20], refused: [0, 2, 0], failed: [0, 0, 1] },
    matchTimeline: { from: NOW - 60_000, barMs: 5000, ok: [0, 0, 0], refused: [0, 2, 0], failed: [0, 0, 1] },
    matchStatistics: {
      ...STATISTICS,
      perSecond: 15,
      shares: { "2xx": 0, "3xx": 0, "4xx": 0.86, "5xx": 0.14 },
      p50: 12,
      p95: 90,
    },
    ...changes,
  })

test("live, with a filter: the figures and the bars are of what matches, beside them those of everything", async () => {
  const filtered = filtering()
  const top = async (size: [number, number], rows: number) => (await openLog(filtered, size)).lines().slice(0, rows)
  expect(await top([120, 40], 4)).toMatchInlineSnapshot(`
    [
      " ● live  15/s of 214/s  2xx 0% 3xx 0% 4xx 86% 5xx 14%   p50 12ms  p95 90ms                             4 of 9 812 match",
      " 22:12:30                                                                                                ok  max 0 (80)",
      " 5s a bar                                                                                            █   4xx max 2 (2)",
      "                                                                                                      █  5xx max 1 (1)",
    ]
  `)
  expect(await top([160, 40], 1)).toMatchInlineSnapshot(`
    [
      " ● live  15/s of 214/s ▁▃▅▇█▂▄▆█▁▃▅▇█▂▄▆█▁▃▅▇█▂▄▆█▁▃▅  2xx 0% (91%) 3xx 0% (2%) 4xx 86% (6%) 5xx 14% (1%)  p50 12ms (42ms)  p95 90ms (380ms)   4 of 9 812 match",
    ]
  `)
  expect(await top([80, 24], 2)).toMatchInlineSnapshot(`
    [
      " ● live  15/s of 214/s  2xx 0% 3xx 0% 4xx 86% 5xx 14%          4 of 9 812 match",
      " 22:12:30                                                    █!  max 2 (82)",
    ]
  `)
})

test("paused: what came meanwhile, and how long the rows stay", async () => {
  const { lines, snapshots, keys } = await openLog(filtering())
  keys.press("k")
  await until(() => lines()[0]?.includes("paused"))
  snapshots.set(filtering({ seen: 11_096, end: ROWS.length + 37, rows: ROWS }))
  await until(() => lines()[0]?.includes("37"))
  expect(lines()[0]).toMatchInlineSnapshot(
    `" ‖ paused  1 284 new, 37 match  15/s of 214/s  2xx 0% 3xx 0% 4xx 86% 5xx 14%              G go live"`,
  )
})

test("paused: the figures of what matches stay, and a row that expires soon comes before them", async () => {
  const first = async (size: [number, number], leavesInSeconds: number) => {
    const { lines, keys } = await openLog(filtering({ leavesInSeconds }), size)
    keys.press("k")
    await until(() => lines()[0]?.includes("paused"))
    return lines()[0]
  }
  expect(await first([160, 20], 840)).toMatchInlineSnapshot(
    `" ‖ paused  0 new, 0 match; this row expires in about 14m  15/s of 214/s  2xx 0% 3xx 0% 4xx 86% 5xx 14%   p50 12ms  p95 90ms                           G go live"`,
  )
  expect(await first([80, 20], 840)).toMatchInlineSnapshot(
    `" ‖ paused  0 new, 0 match  15/s  2xx 0% 3xx 0% 4xx 86% 5xx 14%        G go live"`,
  )
  expect(await first([80, 20], 60)).toMatchInlineSnapshot(
    `" ‖ paused  0 new, 0 match; this row expires in about 60s              G go live"`,
  )
})

test("paused: without a filter all that is new matches, and with one no more than that, whatever rows are no requests", async () => {
  const { lines, snapshots, keys } = await openLog(snapshot())
  keys.press("k")
  await until(() => lines()[0]?.includes("paused"))
  snapshots.set(snapshot({ seen: 9_814, end: ROWS.length + 3, rows: ROWS }))
  await until(() => lines()[0]?.includes("2 new"))
  expect(lines()[0]).not.toContain("match")
  snapshots.set(snapshot({ filter: "status:5xx", seen: 9_814, end: ROWS.length + 3, rows: ROWS }))
  await until(() => lines()[0]?.includes("2 new, 2 match"))
})

test("out of touch: why, when it is tried again, and how old the rows are", async () => {
  const heardAt = NOW - 6000
  const reconnecting = {
    state: "reconnecting",
    heardAt,
    reason: "connection refused",
    attempt: 3,
    retryAt: NOW + 2000,
  } as const
  expect((await openLog(snapshot({ link: reconnecting }))).lines()[0]).toMatchInlineSnapshot(
    `" ▲ reconnecting in 2s, attempt 3: connection refused · last contact 6s ago"`,
  )
  expect((await openLog(snapshot({ link: { state: "live", heardAt } }))).lines()[0]).toMatchInlineSnapshot(
    `" ▲ stale for 6s: Redis has not answered since"`,
  )
})

test("a stream that was deleted while it was watched is no longer live; what was read of it stays", async () => {
  const gone = { state: "live", heardAt: NOW, isGone: true } as const
  const { lines } = await openLog(snapshot({ link: gone }), [80, 10])
  expect(lines()[0]).toBe(" ▲ the stream was deleted; waiting for it to be made again")
  expect(lines().join("\n")).toContain("/n/420")
})

test("a stream that does not exist is said to not exist, and which database holds it", async () => {
  const nothing = { start: 0, end: 0, matching: 0, held: 0, rows: [] }
  const says = "Redis 127.0.0.1:6379/0 holds no access log: 127.0.0.1:6379/1 does, name it in GATEWAY_REDIS_URL"
  const { lines, see } = await openLog(snapshot(nothing), [80, 10], {
    run: async () => ({ missing: { stream: "gateway:access_log", says } }),
  })
  await see("name it")
  expect(lines()[0]).toBe(" ○ waiting for the stream to be created")
  expect(lines().slice(3)).toMatchInlineSnapshot(`
    [
      "",
      "   The stream gateway:access_log does not exist.",
      "   Redis 127.0.0.1:6379/0 holds no access log: 127.0.0.1:6379/1 does, name it",
      "   in GATEWAY_REDIS_URL",
      "   New entries that match appear here.",
    ]
  `)
})

test("nothing matches: which filter, and how far back was looked", async () => {
  const nothing = { start: 0, end: 0, matching: 0, rows: [], filter: "status:404" }
  const none = { ...STATISTICS, perSecond: 0, shares: { "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 }, p50: null, p95: null }
  const { lines } = await openLog(snapshot({ ...nothing, matchStatistics: none, older: { state: "beginning" } }))
  expect(lines()).toMatchInlineSnapshot(`
    [
      " ● live  0/s of 214/s  2xx 0% 3xx 0% 4xx 0% 5xx 0%   p50 -  p95 -                  0 of 9 812 match",
      " / status:404",
      " TIME         METHOD STAT   DUR IP              CC RISK USER           PATH",
      "",
      "   Nothing matches status:404",
      "   Searched back to the start of the stream, 9 812 entries are in the buffer.",
      "   New entries that match appear here.",
    ]
  `)
})

test("a filter for requests by API keys says that the log has few of them, with and without matches", async () => {
  const words = "▲ most requests by API keys are logged as anonymous"
  const none = { start: 0, end: 0, matching: 0, rows: [] }
  const { lines } = await openLog(snapshot({ ...none, filter: "identity:api_key" }))
  expect(lines()[1]).toBe(` / identity:api_key  ${words}`)
  expect(lines().at(-1)).toBe(`   ${words}`)
  expect((await openLog(snapshot({ filter: "org:x status:5xx" }))).lines()[1]).toContain(words)
  expect((await openLog(snapshot({ filter: "-identity:api_key" }))).lines()[1]).not.toContain("API keys")
})

test("o on a request without an organization says which requests lack theirs", async () => {
  const { keys, see } = await openLog(
    snapshot({ rows: [{ kind: "entry", at: NOW, entry: entry(1, { org_id: "" }) }], end: 1 }),
  )
  await see("/n/1")
  expect(keys.press("o")).toMatchObject({
    kind: "refused",
    reason: "organization: it names none: most requests by API keys are logged as anonymous",
  })
})

test("Enter opens the selected entry once, however often it is pressed before that is there", async () => {
  const { keys, opened } = await openLog(snapshot())
  keys.press("enter")
  keys.press("enter")
  await until(() => opened.length > 0)
  await new Promise(resolve => setImmediate(resolve))
  expect(opened).toMatchObject([{ generation: 0, ordinal: ROWS.length - 1 }])
})

test("Enter on a loss says that there is nothing to open", async () => {
  const { keys, see } = await openLog(snapshot())
  keys.press("k")
  await see("paused")
  keys.press("k")
  await see("▌┄")
  expect(keys.press("enter")).toMatchObject({ kind: "refused", reason: "detail: this row is not a request" })
})

test("what a filter found is counted apart for the ring and the older pages", async () => {
  const found = { filter: "status:5xx", start: -40, rowsFrom: 0, matching: 3 }
  expect((await openLog(snapshot(found))).lines()[0]).toContain(" 3 of 9 812 match, 41 older")
  expect((await openLog(snapshot(found), [70, 8])).lines()[0]).toMatch(/ 3 of 9 812 match$/)
})

test("one entry whole: what it means first, then every field as the stream holds it", async () => {
  const inspection: Destinations["entry"] = {
    ordinal: 0,
    pivoting: { last: { current: undefined }, take: () => {} },
    entry: entry(420, { path: `/${"x".repeat(80)}`, status: "503", user_id: ALICE }),
    pairs: [
      ["path", `/${"x".repeat(80)}`],
      ["status", "503"],
      ["status", "200"],
      ["note", "\x1b]0;owned\x07"],
      ["empty", ""],
    ],
  }
  const shell = {
    names: {
      states: new ValueStore({ byId: new Map([[ALICE, "Alice Liddell"]]), trouble: undefined }),
      request: () => {},
    },
    tail: { seenFrom: () => new Promise(() => {}) },
  } as unknown as Shell
  const memory = new Map()
  const open = (rows: number, shown = inspection) => {
    let view: ScreenView | undefined
    const Screen = () => {
      view = entryScreen.useView(shown, { columns: 80, rows })
      return view.body
    }
    const { lastFrame } = render(
      <ShellProvider value={shell}>
        <MemoryProvider value={memory}>
          <Screen />
        </MemoryProvider>
      </ShellProvider>,
    )
    return { lastFrame, press: (chord: Chord) => view?.keys.find(({ keys }) => keys.includes(chord))?.press() }
  }
  const { lastFrame } = open(20)
  await until(() => lastFrame() !== undefined)
  expect(linesOf(lastFrame())).toMatchInlineSnapshot(`
    [
      " Entry 1700000000420-0                                  2023-11-14 22:13:20.420",
      " GET /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…              503 in 42 ms   risk 0.05",
      "",
      "   trace            4f3a00000000000000000000000000aa",
      "   client           203.0.113.7  Frankfurt, DE",
      "   agent            human  Mozilla/5.0",
      "   identity         jwt",
      "   user             Alice Liddell  8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f",
      "   organization     -",
      "",
      " All fields, as stored in the stream",
      "   path             /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
      "                    xxxxxxxxxxxxxxxxxxxxxx",
      "   status           503",
      "   status           200",
      "   note             \\x1b]0;owned\\x07",
      "   empty            -",
    ]
  `)
  const small = open(8)
  await until(() => small.lastFrame()?.includes("Entry"))
  small.press("G")
  await until(() => small.lastFrame()?.includes("empty"))
  cleanup()
  const again = open(8)
  await until(() => again.lastFrame() !== undefined)
  expect(again.lastFrame()).toContain("empty")
  cleanup()
  memory.clear()
  const anonymous = open(20, { ...inspection, entry: entry(420, { identity_type: "anonymous" }) })
  const told = "anonymous  (as most requests by API keys are logged)"
  await until(() => anonymous.lastFrame()?.includes(told))
})
