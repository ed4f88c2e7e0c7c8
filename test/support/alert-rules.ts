import { onTestFinished } from "vitest"
import type { AlertState } from "../../src/domain/alerts/rule-watch.ts"
import type { QueuePulse } from "../../src/domain/queue.ts"
import { ValueStore } from "../../src/domain/store.ts"
import type { TailSnapshot } from "../../src/tail/protocol.ts"
import { AlertRules } from "../../src/ui/runtime/alert-rules.ts"
import { NameCache } from "../../src/ui/runtime/names.ts"
import { PeriodicLook, type QueueWatch } from "../../src/ui/runtime/periodic-look.ts"
import { ALICE } from "./log-screen.tsx"

export const NOW = Date.parse("2026-11-22T14:04:10Z")
export const BEGAN = Date.parse("2026-11-22T14:02:10Z")

/** How a rule stands: quiet, unless told otherwise. */
export const state = (rule: string, more: Partial<AlertState> = {}): AlertState => ({
  rule,
  bell: false,
  since: null,
  figure: "1.5%",
  of: "",
  ...more,
})

/** The names of the users of an environment with one user, "Alice Liddell"; `asked` is who was asked for. */
export function namesOfAlice() {
  const asked: string[] = []
  const names = new NameCache(async ids => {
    asked.push(...ids)
    return new Map([[ALICE, "Alice \x1b[31mLiddell"]])
  })
  onTestFinished(() => names.close())
  return { names, asked }
}

/** What is drawn of a figure of hers. */
export const NAMED = "9/s, Alice \\x1b[31mLiddell"

/** Of a rule that fires: for an address, and for her. */
export const ON = { since: BEGAN, figure: "61/s", of: "203.0.113.7" }
export const OF_ALICE = { since: BEGAN, figure: "9/s", of: ALICE }

/** Rules of the profile over a tail, which says what `tell` is given. */
export function rulesOf(...configured: string[]) {
  const snapshots = new ValueStore<TailSnapshot | null>(null)
  const alerts = new AlertRules(
    { snapshots, setAlerts: () => {} },
    { queue: queueOf(), recorder: nothing() },
    configured,
    () => {},
  )
  return { alerts, tell: (...alerts: AlertState[]) => snapshots.set({ alerts } as unknown as TailSnapshot) }
}

const nothing = () => new PeriodicLook<never>(async () => null)

/** Watch of a queue of which this is known. */
export function queueOf(pulse?: QueuePulse) {
  const queue: QueueWatch = nothing()
  queue.states.set(pulse)
  return queue
}
