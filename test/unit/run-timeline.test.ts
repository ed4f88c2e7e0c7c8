import { expect, test } from "vitest"
import { runTime, runTimeText } from "../../src/domain/run-time.ts"
import { type TimelineEvent, timelineRows } from "../../src/domain/run-timeline.ts"

const BEGIN = Date.parse("2026-03-01T12:00:00Z")

/** An event so many seconds after the beginning. */
const event = (seq: number, at: number, type: string, other: Partial<TimelineEvent> = {}): TimelineEvent => ({
  seq: BigInt(seq),
  ts: new Date(BEGIN + at * 1000).toISOString(),
  type,
  tool_name: null,
  error_class: null,
  call: null,
  message: null,
  input_tokens: null,
  output_tokens: null,
  cost_micros: null,
  ...other,
})

/** What a row says: kind, name, from and to in seconds, outcome and note. */
const rowsOf = (events: readonly TimelineEvent[]) =>
  timelineRows(events).map(({ kind, name, begin, end, outcome, note }) => [
    kind,
    name,
    (begin - BEGIN) / 1000,
    end === undefined ? null : (end - BEGIN) / 1000,
    outcome,
    note,
  ])

test("turns and calls of tools are one row each, tied by the ids of their calls, whatever runs beside them", () => {
  const rows = timelineRows([
    event(1, 0, "run.started"),
    event(2, 1, "llm.request", { call: "m1" }),
    event(3, 3, "llm.turn.completed", { call: "m1", input_tokens: 100, output_tokens: 20, cost_micros: 1500 }),
    event(4, 3, "tool.call", { call: "t1", tool_name: "web_search" }),
    event(5, 3.5, "tool.call", { call: "t2", tool_name: "python" }),
    event(6, 4, "tool.result", {
      call: "t2",
      tool_name: "python",
      error_class: "tool.failed",
      message: "no such file",
    }),
    event(7, 9, "tool.result", { call: "t1", tool_name: "web_search" }),
    event(8, 10, "run.completed"),
  ])
  expect(rows.map(({ kind, name, seqs }) => [kind, name, seqs])).toEqual([
    ["event", "run.started", [1n]],
    ["turn", "1", [2n, 3n]],
    ["tool", "web_search", [4n, 7n]],
    ["tool", "python", [5n, 6n]],
    ["event", "run.completed", [8n]],
  ])
  expect(rows[1]).toMatchObject({ input_tokens: 100, output_tokens: 20, cost_micros: 1500, outcome: "plain" })
  expect(rows[3]).toMatchObject({ outcome: "failed", note: "tool.failed: no such file" })
  const time = runTime(rows, BEGIN)
  expect(runTimeText(time)).toBe("2.0 s model in 1 turn, 6.5 s tools: web_search 6.0 s and python 0.5 s")
  expect(time.slowest).toBe(rows[2])
})

test("an attempt ends with its retry or fallback, and a run that fails ends what went on", () => {
  expect(
    rowsOf([
      event(1, 0, "llm.request", { call: "m1" }),
      event(2, 2, "run.llm.retry", { error_class: "provider.retryable", message: "overloaded" }),
      event(3, 3, "llm.request", { call: "m2" }),
      event(4, 4, "run.provider_fallback", { message: "not supported" }),
      event(5, 4, "llm.request", { call: "m3" }),
      event(6, 9, "run.failed", { error_class: "provider.timeout", message: "no answer" }),
    ]),
  ).toEqual([
    ["turn", "1", 0, 2, "repeated", ""],
    ["event", "run.llm.retry", 2, 2, "repeated", "provider.retryable: overloaded"],
    ["turn", "2", 3, 4, "repeated", ""],
    ["event", "run.provider_fallback", 4, 4, "repeated", "not supported"],
    ["turn", "3", 4, 9, "failed", ""],
    ["event", "run.failed", 9, 9, "failed", "provider.timeout: no answer"],
  ])
})

test("a wait lasts until there is an answer, or the tool that asked ends without one, and is no time of that tool", () => {
  const asked = [
    event(1, 0, "tool.call", { call: "q1", tool_name: "ask_user" }),
    event(2, 0, "run.input_requested", { call: "q1" }),
  ]
  const ended = [...asked, event(3, 5, "tool.result", { call: "q1", tool_name: "ask_user" })]
  expect(rowsOf(ended)).toEqual([
    ["tool", "ask_user", 0, 5, "plain", ""],
    ["wait", "run.input_requested", 0, 5, "plain", ""],
  ])
  expect(rowsOf([...asked, event(3, 4, "run.input_provided")])[1]).toEqual([
    "wait",
    "run.input_requested",
    0,
    4,
    "plain",
    "",
  ])
  expect(runTimeText(runTime(timelineRows(ended), BEGIN))).toBe("5.0 s waiting")
})

test("what goes on lasts until now; unknown types and halves without the other are rows, with whatever names", () => {
  const hostile = "x\u001b[2J".repeat(100)
  const rows = timelineRows([
    event(1, 0, hostile, { message: hostile }),
    event(2, 1, "tool.result", { call: "t0", tool_name: hostile }),
    event(3, 1, "llm.turn.completed"),
    event(4, 2, "tool.call", { call: "t1", tool_name: null }),
    event(5, 1, "tool.result", { call: "other" }),
    { ...event(6, 2, "llm.request"), ts: "no time" },
  ])
  expect(rows.map(({ kind }) => kind)).toEqual(["event", "event", "event", "tool", "event", "turn"])
  expect(rows[3]?.end).toBeUndefined()
  expect(runTimeText(runTime(rows.slice(0, 5), BEGIN + 72_000))).toBe("70 s tools: unnamed 70 s")
})

test("a clock that goes back makes no negative duration, and nothing takes no time", () => {
  const [row] = timelineRows([
    event(1, 5, "llm.request", { call: "a" }),
    event(2, 3, "llm.turn.completed", { call: "a" }),
  ])
  expect(row?.end).toBe(row?.begin)
  expect(runTimeText(runTime([], BEGIN))).toBe("")
})
