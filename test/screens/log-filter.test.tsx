import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import { ALICE, ATTACK, entry, NOW, openLog, snapshot } from "../support/log-screen.tsx"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

/** The log with `text` typed as its filter, and Return pressed. */
async function applyFilter(text: string, columns: number, run?: () => Promise<unknown>) {
  const log = await openLog(snapshot(), [columns, 9], run && { run })
  log.keys.press("/")
  await log.see("risk>=0.8")
  log.keys.type(text)
  await log.see(text.slice(-8))
  log.keys.press("enter")
  return log
}

test("who types a filter for requests by API keys reads what becomes of it", async () => {
  const log = await openLog(snapshot(), [80, 9])
  log.keys.press("/")
  await log.see("risk>=0.8")
  log.keys.type("identity:api_ke")
  await log.see("identity:api_ke")
  expect(log.lines().join()).not.toContain("API keys")
  log.keys.type("y")
  await log.see("▲ most requests by API keys are logged as anonymous")
})

test("a mistake is marked under its column where its message has no room beside the mark, too", async () => {
  const { lines, see } = await applyFilter("status:5xx -path:/healthz foo:bar", 60)
  await see("no filter is called")
  expect(lines().slice(1, 6)).toMatchInlineSnapshot(`
    [
      " / status:5xx -path:/healthz foo:bar",
      "                             ^",
      "   no filter is called "foo". To search for such text, put",
      "   it in quotes",
      " TIME         METHOD STAT IP              PATH",
    ]
  `)
})

test("a mistake is marked under its column in a text that is longer than the line", async () => {
  const { lines, see } = await applyFilter(`path:/${"x".repeat(60)} foo:bar`, 60)
  await see("no filter is called")
  const [typed, mark] = lines().slice(1)
  expect(mark?.indexOf("^")).toBe(typed?.indexOf("foo:"))
})

test("while the users of a filter are looked up it says so, and Esc calls it off", async () => {
  const lookup = Promise.withResolvers<Map<string, string[]>>()
  const { keys, filters, see } = await applyFilter("user:alice", 60, () => lookup.promise)
  await see("looking up")
  keys.press("esc")
  await see("no filter")
  lookup.resolve(new Map([["alice", [ALICE]]]))
  await new Promise(resolve => setImmediate(resolve))
  expect(filters).toEqual([])
})

test.each([
  [".", "ip:203.0.113.7"],
  ["@", `user:${ALICE}`],
  ["#", "trace:4f3a00000000000000000000000000aa"],
])("%s opens everything with the same value, whatever the filter, at the request", async (key, filter) => {
  const mine = { kind: "entry", entry: entry(7, { user_id: ALICE }), at: 0 } as const
  const { keys, opened } = await openLog(snapshot({ rows: [mine], end: 1, filter: "status:5xx" }))
  keys.press(key)
  await until(() => opened.length > 0)
  expect(opened).toEqual([{ filter, stayAt: mine.entry.id }])
})

test("where a request has no such value, they say so", async () => {
  const bare = { kind: "entry", entry: entry(7, { client_ip: "nowhere", user_id: "x", trace_id: "" }), at: 0 } as const
  const { keys } = await openLog(snapshot({ rows: [bare], end: 1 }))
  for (const key of [".", "@", "#"]) expect(keys.press(key).kind).toBe("refused")
})

test("Tab adds failures, refusals and slow ones to what is typed, one after the other, and none in the end", async () => {
  const { keys, lines, filters, see } = await openLog(snapshot({ filter: "ip:10.0.0.1" }))
  keys.press("/")
  await see("Tab  failures status:5xx  refusals status:4xx  slow ones dur>=1s")
  keys.type("ip:10.0.0.1")
  await see("/ ip:10.0.0.1")
  for (const added of [" status:5xx", " status:4xx", " dur>=1s", "", " status:5xx"]) {
    keys.press("tab")
    await until(() => lines()[1] === ` / ip:10.0.0.1${added}`)
  }
  keys.press("enter")
  await until(() => filters.length === 1)
  expect(filters).toEqual(["ip:10.0.0.1 status:5xx"])
})

test("Tab completes a word of the filter: names of terms, usual values and those of the rows; presets where a word begins", async () => {
  const { keys, lines, see } = await openLog(snapshot(), [100, 9])
  keys.press("/")
  await see("Tab  failures status:5xx")
  const steps: [typed: string, offered: string, tabbed: string][] = [
    ["st", "   status:", "status:"],
    ["5", "   5xx 503", "status:5"],
    ["x", "   5xx", "status:5xx "],
    ["-coun", "   country:", "status:5xx -country:"],
    ["", "   DE", "status:5xx -country:DE "],
    ["me", "   method:", "status:5xx -country:DE method:"],
    ["p", "   POST PUT PATCH", "status:5xx -country:DE method:P"],
    ["os", "   POST", "status:5xx -country:DE method:POST "],
    ["user:", `   "Alice Liddell"`, `status:5xx -country:DE method:POST user:"Alice Liddell" `],
  ]
  for (const [typed, offered, tabbed] of steps) {
    keys.type(typed)
    await until(() => lines()[2] === offered)
    keys.press("tab")
    await until(() => lines()[1]?.trimEnd() === ` / ${tabbed}`.trimEnd())
  }
  await see("Tab  failures")
})

test("while a filter is typed, no line names a letter as a key", async () => {
  const none = { start: 0, end: 0, matching: 0, rows: [], deviations: [ATTACK] }
  const { keys, lines, see } = await openLog(
    snapshot({ ...none, older: { state: "more", lookedBackTo: NOW } }),
    [100, 20],
  )
  await see("k searches further")
  await see("w only this")
  keys.press("/")
  await see("Tab  failures")
  expect(lines().join("\n")).not.toMatch(/k searches|w only this|G go live/)
})

test("Esc takes what lies over the log away layer by layer, the filter step by step, and ↑ brings back what it took", async () => {
  const log = await openLog(snapshot(), [100, 9])
  const { keys, filters, lines, snapshots, see } = log
  expect(keys.press("esc").kind).toBe("nothing")
  for (const [at, added] of ["status:5xx", " ip:10.0.0.1"].entries()) {
    keys.press("/")
    await see("risk>=0.8")
    keys.type(added)
    await until(() => lines()[1]?.endsWith(added.trim()) === true)
    keys.press("enter")
    await until(() => filters.length === at + 1)
    snapshots.set(snapshot({ filter: filters[at] as string }))
    await until(() => lines()[1] === ` / ${filters[at]}`)
  }
  keys.press(" ")
  await see("1 marked")
  for (const left of ["marks", "status:5xx", ""]) {
    keys.press("esc")
    await until(() => (left === "marks" ? !lines().join().includes("1 marked") : filters.at(-1) === left))
  }
  snapshots.set(snapshot({ stayedAt: 0 }))
  await see("no filter")
  expect(filters).toEqual(["status:5xx", "status:5xx ip:10.0.0.1", "status:5xx", ""])
  await until(() => keys.press("esc").kind === "nothing")
  keys.press("/")
  await see("risk>=0.8")
  for (const recalled of ["status:5xx", "status:5xx ip:10.0.0.1"]) {
    keys.press("up")
    await until(() => lines()[1] === ` / ${recalled}`)
  }
})

test("Esc leaves a filter that was dropped dropped", async () => {
  const { keys, filters, lines, snapshots } = await openLog(snapshot(), [100, 9])
  snapshots.set(snapshot({ deviations: [ATTACK] }))
  await until(() => keys.press("w").kind === "press" && filters.length === 1)
  keys.press("x")
  await until(() => filters.at(-1) === "")
  await until(() => lines()[1] === " / no filter")
  expect(keys.press("esc").kind).toBe("nothing")
})
