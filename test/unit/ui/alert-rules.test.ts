import { expect, test } from "vitest"
import type { AlertState } from "../../../src/domain/alerts/rule-watch.ts"
import type { QueuePulse } from "../../../src/domain/queue.ts"
import type { RecorderPulse } from "../../../src/domain/record-status.ts"
import { ValueStore } from "../../../src/domain/store.ts"
import type { TailSnapshot } from "../../../src/tail/protocol.ts"
import { AlertRules } from "../../../src/ui/runtime/alert-rules.ts"

const CONFIGURED = "error% > 5 for 30s bell"

const state = (rule: string, since: number | null, more: Partial<AlertState> = {}): AlertState => ({
  rule,
  bell: rule.endsWith("bell"),
  since,
  figure: "12%",
  of: "",
  ...more,
})

/** A console's rules over a tail that says what `tell` is given, and hears what is in `heard`. */
function rulesOf(...configured: string[]) {
  const snapshots = new ValueStore<TailSnapshot | null>(null)
  const heard: (readonly string[])[] = []
  const states = new ValueStore<QueuePulse | null | undefined>(undefined)
  const recorder = new ValueStore<RecorderPulse | null | undefined>(undefined)
  let rung = 0
  const tail = { snapshots, setAlerts: (rules: readonly string[]) => void heard.push(rules) }
  const rules = new AlertRules(
    tail,
    { queue: { states }, recorder: { states: recorder } },
    configured,
    () => void rung++,
  )
  return {
    rules,
    queue: states,
    recorder,
    heard,
    rung: () => rung,
    tell: (...alerts: AlertState[]) => snapshots.set({ alerts } as unknown as TailSnapshot),
  }
}

test("those of the profile come first, each once; what is typed joins them and leaves again", () => {
  const { rules, heard } = rulesOf(CONFIGURED, "error%>5 for 30s bell")
  expect(rules.add("alert rate(ip)>50")).toBe("rate(ip) > 50/s")
  rules.add("rate(ip) > 50/s")
  expect(rules.states.snapshot).toMatchObject([
    { rule: CONFIGURED, isConfigured: true },
    { rule: "rate(ip) > 50/s", isConfigured: false },
  ])
  rules.remove("rate(ip) > 50/s")
  expect(heard).toEqual([[CONFIGURED, "rate(ip) > 50/s"], [CONFIGURED, "rate(ip) > 50/s"], [CONFIGURED]])
})

test("one of the profile is silenced, and heard again where it is asked for or typed", () => {
  const { rules, heard, tell } = rulesOf(CONFIGURED)
  tell(state(CONFIGURED, 1000))
  expect(rules.alerts).toHaveLength(1)
  rules.remove(CONFIGURED)
  expect(rules.states.snapshot).toMatchObject([{ isSilent: true, state: undefined }])
  tell(state(CONFIGURED, 1000))
  expect(rules.alerts).toEqual([])
  rules.remove(CONFIGURED)
  rules.remove(CONFIGURED)
  rules.add(CONFIGURED)
  expect(rules.states.snapshot).toMatchObject([{ isSilent: false }])
  expect(heard).toEqual([[], [CONFIGURED], [], [CONFIGURED]])
})

test("a mistake is said, and changes nothing", () => {
  const { rules, heard } = rulesOf()
  expect(() => rules.add("error > 5")).toThrow("did you mean error%?")
  expect(heard).toEqual([])
})

test("the bell rings once for each alert whose rule asks for it", () => {
  const { rung, tell } = rulesOf(CONFIGURED, "rate > 5/s")
  tell(state(CONFIGURED, null), state("rate > 5/s", 500))
  expect(rung()).toBe(0)
  tell(state(CONFIGURED, 1000))
  tell(state(CONFIGURED, 1000, { figure: "30%" }))
  expect(rung()).toBe(1)
  tell(state(CONFIGURED, null))
  tell(state(CONFIGURED, 90_000))
  expect(rung()).toBe(2)
})

test("nobody is told of what has not changed, and the first to begin comes first", () => {
  const { rules, tell } = rulesOf(CONFIGURED, "rate > 5/s")
  let told = 0
  rules.states.subscribe(() => void told++)
  tell(state(CONFIGURED, 2000), state("rate > 5/s", 1000))
  tell(state(CONFIGURED, 2000), state("rate > 5/s", 1000))
  expect(told).toBe(1)
  expect(rules.alerts.map(({ rule }) => rule)).toEqual(["rate > 5/s", CONFIGURED])
})

const pulse = (oldest_s: number): QueuePulse => ({ ready: 1, oldest_s, stuck: 0, in_flight: 0, alive: 1 })

test("rules of the queue are judged at each look at it, and stay as they are while nobody can look", () => {
  const { rules, rung, queue } = rulesOf("queue age > 60s bell")
  expect(rules.states.snapshot).toMatchObject([{ state: undefined }])
  queue.set(pulse(10))
  expect(rules.states.snapshot).toMatchObject([{ state: { figure: "10s", since: null } }])
  queue.set(pulse(90))
  expect(rules.alerts).toMatchObject([{ rule: "queue age > 60s bell", figure: "90s" }])
  expect(rung()).toBe(1)
  queue.set(undefined)
  expect(rules.alerts).toHaveLength(1)
  expect(rules.add("workers < 2")).toBe("workers < 2")
  expect(rules.alerts).toHaveLength(1)
  queue.set(pulse(90))
  expect(rules.alerts).toMatchObject([{ figure: "90s" }, { figure: "1 alive" }])
  rules.remove("queue age > 60s bell")
  expect(rules.states.snapshot).toMatchObject([{ isSilent: true, state: undefined }, {}])
})

test("without a queue that is said of its rules", () => {
  const { rules, queue } = rulesOf("workers < 1")
  queue.set(null)
  expect(rules.states.snapshot).toMatchObject([{ state: { figure: "no queue that can be read here", since: null } }])
})

test("a rule on the recorder's lag is judged at each look, and is as it was until there is a history", () => {
  const { rules, recorder } = rulesOf("record lag > 1m")
  recorder.set(undefined)
  expect(rules.states.snapshot).toMatchObject([{ rule: "record lag > 60s", state: undefined }])
  recorder.set({ recording: true, lag_s: 4.2, never: [] })
  expect(rules.states.snapshot).toMatchObject([{ state: { figure: "4s", since: null } }])
  recorder.set({ recording: false, lag_s: 300, never: [] })
  expect(rules.alerts).toMatchObject([{ rule: "record lag > 60s", figure: "300s" }])
  recorder.set(null)
  expect(rules.states.snapshot).toMatchObject([{ state: { figure: "nothing was recorded here" } }])
})
