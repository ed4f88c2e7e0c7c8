import { expect, test } from "vitest"
import type { InspectedRun } from "../../src/domain/inspected-run.ts"
import type { TimelineEvent } from "../../src/domain/run-timeline.ts"
import { ValueStore } from "../../src/domain/store.ts"
import type { TimelinePage } from "../../src/services/runs/run-timeline.ts"
import { AlertRules } from "../../src/ui/runtime/alert-rules.ts"
import type { Runtime } from "../../src/ui/runtime/runtime.ts"
import { clockAt } from "../support/clock.ts"
import { run } from "../support/record-screens.ts"
import { openConsole, opening } from "../support/test-console.tsx"

clockAt("2026-03-01T12:01:00Z")

const BEGIN = Date.parse("2026-03-01T12:00:00Z")

const event = (seq: number, at: number, type: string, other: Partial<TimelineEvent> = {}): TimelineEvent => ({
  ...{ seq: BigInt(seq), ts: new Date(BEGIN + at * 1000).toISOString(), type, tool_name: null, error_class: null },
  ...{ call: null, message: null, input_tokens: null, output_tokens: null, cost_micros: null },
  ...other,
})
const page = (events: readonly TimelineEvent[], other: Partial<TimelinePage> = {}): TimelinePage => ({
  ...{ events, pieces: new Map(), more: false, inOrder: true, readAt: BEGIN + 60_000 },
  ...other,
})

/** The screen of a run over parts of its timeline, each answered once and then nothing new; `asked` are their inputs. */
function openRun(subject: () => InspectedRun, pages: TimelinePage[], around: Partial<Runtime> = {}) {
  const asked: unknown[] = []
  const answers = async ({ words }: { words: readonly string[] }, input: never) => {
    const word = words.join(" ")
    if (word === "runs show") return subject()
    if (word === "runs timeline") return asked.push(input) && (pages.shift() ?? page([]))
    const data = { note: "\u001b[2J\u202e", payload: { bytes: 7 } }
    const { after } = input as { after: string }
    return { data: [{ ...event(Number(after) + 1, 1, "llm.request"), data }] }
  }
  const opener = opening(shell => shell.open("run", { run_id: run().run_id }))
  const terminal = openConsole([opener], { run: answers as never }, { columns: 100, rows: 40 }, around)
  terminal.press("o")
  return { ...terminal, asked }
}

const plain = { ...run(), created_at: "2026-03-01T12:00:00Z" }

test("turns, tools, retries and the end are bars to scale, and one line says what took the time", async () => {
  const { see, body } = openRun(
    () => ({ ...plain, status: "failed" }),
    [
      page(
        [
          event(1, 0, "llm.request", { call: "m1" }),
          event(2, 10, "run.llm.retry", { error_class: "provider.retryable" }),
          event(3, 10, "llm.request", { call: "m2" }),
          event(4, 15, "llm.turn.completed", { call: "m2", input_tokens: 12345, output_tokens: 67, cost_micros: 1500 }),
          event(5, 15, "tool.call", { call: "t", tool_name: "web\u001b_search" }),
          event(6, 35, "tool.result", { call: "t", tool_name: "web\u001b_search", error_class: "tool.failed" }),
          event(7, 38, "brand.new"),
          event(8, 40, "run.failed", { error_class: "worker.timeout", message: "reaped" }),
        ],
        { pieces: new Map([[3n, 412]]) },
      ),
    ],
  )
  await see("run.failed")
  const lines = body()
  expect(lines.slice(lines.indexOf(" Timeline"))).toMatchInlineSnapshot(`
    [
      " Timeline",
      "   15 s model in 2 turns, 20 s tools: web\\x1b_search 20 s",
      "     START WHAT                                                      TOOK           TOKENS      COST",
      "      +0ms turn 1                   ███████▌                          10s",
      "      +10s retry                           │ provider.retryable",
      "      +10s turn 2                          ███▊ 412 chunks           5.0s      12 345 › 67   $0.0015",
      "      +15s   web\\x1b_search         tool.fail… ███████████████       ▲20s",
      "      +38s brand.new                                            │",
      "      +40s run.failed                     worker.timeout: reaped │",
    ]
  `)
})

test("Enter opens the events behind a row, whose data cannot write to the terminal", async () => {
  const { see, press, gone } = openRun(
    () => plain,
    [page([event(5, 1, "llm.request"), event(9, 2, "llm.turn.completed")])],
  )
  await see("turn 1")
  press("G", "enter")
  await see("llm.request … llm.request", '"note": "\\u001b[2J\\u202e"', '"bytes": 7', "seq 5", "seq 9")
  press("esc")
  await gone("seq 5")
})

test("a long timeline is read part by part, each after the last", async () => {
  const { see, asked } = openRun(
    () => plain,
    [
      page([event(3, 1, "first")], { more: true }),
      page([event(8, 2, "second")], { more: true }),
      page([event(9, 3, "third")]),
    ],
  )
  await see("first", "second", "third")
  expect(asked.slice(0, 3)).toEqual([
    { run_id: run().run_id },
    { run_id: run().run_id, after: 3n },
    { run_id: run().run_id, after: 8n },
  ])
})

test("a run that is running is read on by itself, and its end is told", async () => {
  let status: InspectedRun["status"] = "running"
  const pages = [page([event(1, 1, "llm.request")])]
  const { see } = openRun(() => ({ ...plain, status, duration_ms: status === "running" ? null : 65_000n }), pages)
  await see("1m so far", "59s…")
  pages.push(page([event(2, 59, "run.completed")]))
  status = "completed"
  await see("The run has ended: completed", "run.completed")
})

test("where an alert has a bell, it rings when the run ends as well, and not before", async () => {
  let status: InspectedRun["status"] = "running"
  const written: string[] = []
  const tail = { snapshots: new ValueStore(null), setAlerts: () => {} }
  const unseen = { states: new ValueStore(undefined) }
  const around = {
    alerts: new AlertRules(tail, { queue: unseen, recorder: unseen }, ["error% > 5 bell"], () => {}),
    stdout: { write: (text: string) => written.push(text) > 0 },
  }
  const { see } = openRun(() => ({ ...plain, status }), [page([event(1, 1, "llm.request")])], around)
  await see("turn 1")
  expect(written).toEqual([])
  status = "failed"
  await see("The run has ended: failed")
  expect(written).toEqual(["\x07"])
})

test("the slowest one is marked within its bar where that leaves no room beside it; what goes on says so", async () => {
  const { see } = openRun(
    () => ({ ...plain, status: "running", duration_ms: null }),
    [
      page([
        event(1, 0, "tool.call", { call: "t", tool_name: "web_search" }),
        event(2, 57, "tool.result", { call: "t", tool_name: "web_search" }),
        event(3, 57, "llm.request", { call: "m" }),
      ]),
    ],
  )
  await see("█ slowest █", "goes on █")
})
