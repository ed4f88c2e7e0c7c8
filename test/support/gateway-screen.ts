import { vi } from "vitest"
import type { GatewayInspection, InspectedCopy } from "../../src/domain/gateway.ts"
import {
  ThresholdCount,
  type ThresholdDay,
  type ThresholdHits,
  type ThresholdTally,
} from "../../src/domain/threshold-count.ts"
import { Clock } from "../../src/ui/runtime/clock.ts"
import type { TailClient } from "../../src/ui/runtime/tail-client.ts"
import { gatewayScreen } from "../../src/ui/screens/gateway/gateway-screen.tsx"
import { preview } from "./fake-changes.ts"
import { type FakeDeck, openConsole, opening } from "./test-console.tsx"

const RATES = { rate_limit_capacity: 1234, rate_limit_per_minute: 99 }
const DATABASE = {
  ip_mode: "proxy",
  trusted_cidrs: ["10.0.0.0/8"] as string[],
  risk_reject_threshold: 0.8,
  ...RATES,
} as const
/** The threshold is another in the gateway's copy. */
const COPY: InspectedCopy = {
  gateways: [],
  copy: { ...DATABASE, risk_reject_threshold: 0.75 },
  unknown: { burst: 1234, note: "x" },
  drift: ["risk_reject_threshold"],
  repairable: true,
  garbled: [],
  trouble: null,
}
export const STANDING: GatewayInspection = {
  database: DATABASE,
  sources: {
    ip_mode: "row",
    trusted_cidrs: "row",
    risk_reject_threshold: "row",
    rate_limit_capacity: "row",
    rate_limit_per_minute: "row",
  },
  values: DATABASE,
  garbled: [],
  unreadable: [],
  copies: [COPY],
}
const SYNCED: InspectedCopy = { ...COPY, copy: DATABASE, drift: [], repairable: false }

/** The gateways have what is saved, but for these parts; one where no others are given. */
export const copied = (...parts: readonly Partial<InspectedCopy>[]): Pick<GatewayInspection, "copies"> => ({
  copies: (parts.length === 0 ? [{}] : parts).map(part => ({ ...SYNCED, ...part })),
})
export const IN_SYNC: GatewayInspection = { ...STANDING, ...copied() }
export const HITS: ThresholdHits = {
  requests: 9812,
  seen: 9812,
  since: "2026-11-22T14:02:29Z",
  rejected: 214,
  addresses: 41,
  signed_in: 3,
  users: [
    { id: "1", username: "alice", requests: 2 },
    { id: "2", username: "\x1b[31mbob", requests: 1 },
  ],
  ladder: [
    { threshold: 0.9, rejected: 31, signed_in: 0 },
    { threshold: 0.75, rejected: 1408, signed_in: 28 },
    { threshold: 0.66, rejected: 2113, signed_in: 91 },
  ],
}
const LAST_CHANGE = {
  id: "7",
  ts: "2026-11-22T14:01:58Z",
  action: "gateway.config_update",
  actor_login: "second",
  metadata: { reason: "bots" },
  before: { risk_reject_threshold: 0.75 },
  after: { risk_reject_threshold: 0.8 },
}
const NOW = Date.parse("2026-11-22T14:10:00Z")
/** What the ring has counted. */
export const HELD = { ...new ThresholdCount(0).tally, oldest: "1763820149000-0", seen: 9000 }
export const SAVED = { answer: DATABASE, steps: [{ what: "reject at risk" }, { what: "gateway's copy (Redis)" }] }

/** The body of a terminal of 112 columns and 30 rows, 80x24 and 60x15. */
const WIDE = { columns: 112, rows: 25 }
export const MIDDLE = { columns: 80, rows: 19 }
export const SMALL = { columns: 60, rows: 10 }

interface Answers extends Pick<FakeDeck, "change" | "preview"> {
  readonly inspect?: () => Promise<GatewayInspection>
  readonly simulate?: (threshold: number, counted: ThresholdTally) => Promise<ThresholdHits>
  /** None where no history is recorded. */
  readonly simulateDay?: (threshold: number, signal?: AbortSignal) => Promise<ThresholdDay | null>
}

/** The gateway's screen, and another one on the key 2. */
export function openGateway(answers: Answers = {}, size = WIDE) {
  const { inspect = async () => STANDING, simulate = async () => HITS, simulateDay = async () => null } = answers
  const simulated = vi.fn(simulate)
  const change = vi.fn(answers.change ?? (async () => SAVED))
  const run = async (
    { words }: { words: readonly string[] },
    { threshold, counted }: { threshold: number; counted: ThresholdTally },
    options?: { readonly signal: AbortSignal },
  ) => {
    if (words.join() === "gateway,inspect") return inspect()
    if (words.join() === "gateway,simulate") return simulated(threshold, counted)
    if (words.join() === "gateway,simulate,day") return { day: await simulateDay(threshold, options?.signal) }
    return { data: [LAST_CHANGE], next_cursor: null }
  }
  const screens = [gatewayScreen, { ...opening(() => {}), tabKey: "2" }] as const
  const repairs = vi.fn<() => Promise<unknown>>(async () => ({ steps: [] }))
  const clock = new Clock()
  clock.times.set(NOW)
  const tail = { count: async () => HELD } as unknown as TailClient
  const foreseen = answers.preview ?? (async () => preview({ title: "Change the gateway's settings" }))
  return {
    ...openConsole([...screens], { run, preview: foreseen, change, repair: repairs }, size, { clock, tail }),
    change,
    simulated,
    repairs,
  }
}

/** Goes to the threshold and types another. */
export const threshold = (text: string) => ["G", "enter", "\x15", text]
