import { cleanup } from "ink-testing-library"
import { vi } from "vitest"
import { type DaySums, NOTHING, type Part, type Sums } from "../../src/domain/dashboard.ts"
import { DeckError } from "../../src/domain/errors.ts"
import type { QueuePulse } from "../../src/domain/queue.ts"
import type { Recent } from "../../src/domain/recent.ts"
import { ValueStore } from "../../src/domain/store.ts"
import type { TailSnapshot } from "../../src/tail/protocol.ts"
import { Clock } from "../../src/ui/runtime/clock.ts"
import { PeriodicLook } from "../../src/ui/runtime/periodic-look.ts"
import type { TailClient } from "../../src/ui/runtime/tail-client.ts"
import { dashboardScreen } from "../../src/ui/screens/dashboard/dashboard-screen.tsx"
import { rulesOf } from "./alert-rules.ts"
import { STATISTICS } from "./statistics.ts"
import { openConsole } from "./test-console.tsx"

export const NOW = Date.parse("2026-11-22T14:02:30Z")
export const SECOND = 1_000
export const MINUTE = 60 * SECOND

const day = (daysAgo: number) => new Date(NOW - daysAgo * 86_400_000).toISOString().slice(0, 10)
const on = (daysAgo: number, key: string, sums: Partial<Sums>): DaySums => ({
  ...NOTHING,
  ...sums,
  day: day(daysAgo),
  key,
})

/** What each table holds when it is counted. */
export const COUNTED: Record<Part, { totals: Partial<Sums>; days: DaySums[] }> = {
  users: {
    totals: { count: 1_204_312n, active: 380_112n, recorded: 900_000n },
    days: Array.from({ length: 14 }, (_, i) => on(i, "", { count: BigInt(100 + ((i * 37) % 90)) })),
  },
  orgs: { totals: { count: 85_004n }, days: [on(2, "", { count: 12n })] },
  runs: {
    totals: { count: 45_000_112n },
    days: [
      on(0, "completed", { count: 201n }),
      on(0, "failed", { count: 21n }),
      on(0, "running", { count: 8n }),
      ...Array.from({ length: 13 }, (_, i) => on(i + 1, "completed", { count: BigInt(150 + ((i * 53) % 160)) })),
    ],
  },
  usage: {
    totals: { input: 150_000_000_000n, output: 75_100_000_000n, cost: 45_011_220_000_000n },
    days: Array.from({ length: 14 }, (_, i) => [
      on(i, "claude-sonnet-4-5", {
        input: 1_200_000_000n,
        output: 600_000_000n,
        cost: BigInt(90 + i) * 1_000_000_000n,
      }),
      on(i, "\u202egpt", { cost: 30_412_345_678n }),
    ]).flat(),
  },
}

type Answer = (part: Part) => Promise<void> | void

/** The dashboard over tables that are as above. `count` and `newer` may wait, or fail; each count takes `tookMs`. */
export function openDashboard(columns = 100, rows = 25) {
  const behaviour = {
    count: (() => {}) as Answer,
    newer: (() => {}) as Answer,
    tookMs: 0,
    missing: 0n,
    keepsFlags: false,
    readings: 0,
    /** What happened in the last hours, by key. */
    recent: { failures: {}, "new users": {} } as Record<Recent, Record<string, bigint>>,
    runsOf: undefined as string | undefined,
    /** The operation that a list asked last. */
    asked: undefined as { words: readonly string[] } | undefined,
  }
  const run = async (
    operation: { words: readonly string[] },
    { part, of, filter }: { part: Part; of?: Recent; filter?: string },
  ) => {
    if (operation.words[0] === "registration") return { open: true, source: "flag", kept: behaviour.keepsFlags }
    if (operation.words[0] === "queue") return { jobs: [], workers: [], kept: false }
    if (operation.words[1] === "recent") {
      const counts = Object.entries(behaviour.recent[of as Recent]).map(([key, fresh]) => ({ key, settled: 0n, fresh }))
      return { settledAt: "", counts }
    }
    if (operation.words[1] === "list") {
      behaviour.asked = operation
      behaviour.runsOf = filter
      return { data: [], next_cursor: null }
    }
    if (operation.words[1] === "newer") {
      behaviour.readings++
      await behaviour.newer(part)
      return { days: part === "runs" ? [on(0, "failed", { count: 1n })] : [], missing: behaviour.missing }
    }
    vi.setSystemTime(Date.now() + behaviour.tookMs)
    await behaviour.count(part)
    const { totals, days } = COUNTED[part]
    return { mark: { time: "", growth: null }, totals: { ...NOTHING, ...totals }, days }
  }
  const clock = new Clock()
  const snapshots = new ValueStore(tail())
  const queue = new PeriodicLook<QueuePulse>(async () => null)
  const { alerts, tell } = rulesOf("error%(route) > 5", "workers < 1")
  const around = { clock, queue, tail: { snapshots } as unknown as TailClient, alerts }
  const terminal = openConsole([dashboardScreen], { run }, { columns, rows }, around)
  return {
    ...terminal,
    behaviour,
    queue,
    /** Says how the rules `error%(route) > 5` and `workers < 1` stand. */
    tell,
    leave: cleanup,
    /** Lets time pass, as the clock and everybody sees it. */
    pass: (ms: number) => {
      vi.setSystemTime(Date.now() + ms)
      clock.times.set(Date.now())
    },
    line: (start: string) => terminal.body().find(line => line.trimStart().startsWith(start)),
  }
}

const tail = (): TailSnapshot =>
  ({
    gateways: [],
    held: 9_812,
    now: NOW,
    link: { state: "live", heardAt: NOW + 3_600_000 },
    statistics: STATISTICS,
    timeline: { from: NOW, barMs: SECOND, ok: [], refused: [], failed: [] },
  }) as unknown as TailSnapshot

export const pending = () => new Promise<void>(() => {})
export const slow = new DeckError("unavailable", "PostgreSQL at db:5432 took too long for this and was stopped")
