import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import type { TailRow } from "../../src/tail/protocol.ts"
import { entry, NOW, openLog, ROWS, snapshot } from "../support/log-screen.tsx"
import { STATISTICS } from "../support/statistics.ts"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

test("live: figures, a loss between the rows, names, and what is missing or hostile", async () => {
  const { lines } = await openLog(snapshot())
  expect(lines()).toMatchInlineSnapshot(`
    [
      " ● live  214/s  in 1m ▅██▅██▅██▅  2xx 91% 3xx 2% 4xx 6% 5xx 1%   p50 42ms  p95 380ms     9 812 held",
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
      " ● live  214/s  in 1m 2xx 91% 3xx 2% 4xx 6% 5xx 1%",
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

test("what may be lost in a failover of Redis is told as such, and how much at least where that is known", async () => {
  const [from, to] = [`${NOW}-0`, `${NOW + 2_000}-0`]
  const gap = (lost: number) => ({ kind: "gap", lost, from, to, exact: false, failover: true }) as const
  const [first, , ...others] = ROWS as [TailRow, TailRow, ...TailRow[]]
  const { lines } = await openLog(
    snapshot({ rows: [first, gap(0), gap(1_312), ...others], end: ROWS.length + 1 }),
    [60, 9],
  )
  expect(lines().filter(line => line.includes("failover"))).toMatchInlineSnapshot(`
    [
      " ┄ failover: entries may be missing, 22:13:30 to 22:13:32 ┄",
      " ┄ failover: 1 312 or more are missing, 22:13:30 to 22:13:3…",
    ]
  `)
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
      " ● live  0/s of 214/s  in 1m 2xx 0% 3xx 0% 4xx 0% 5xx 0%   p50 -  p95 -            0 of 9 812 match",
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
