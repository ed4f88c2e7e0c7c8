import type { DimensionKey } from "../../src/domain/movers/dimension-keys.ts"
import type { Mover, MoversSnapshot, MoversWatch } from "../../src/domain/movers/movers-snapshot.ts"
import type { TailClient } from "../../src/ui/runtime/tail-client.ts"
import { ALICE, openLog, snapshot } from "./log-screen.tsx"

export const mover = (value: string, changes: Partial<Mover> = {}): Mover => ({
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

export const dimension = (key: DimensionKey, movers: readonly Mover[], distinct = movers.length, isWhole = true) => ({
  key,
  movers,
  distinct,
  isWhole,
})

export const ATTACKER = mover("203.0.113.7", { perSecond: 41.4, share: 0.19, refused: 0.92, p95: 3, before: 0 })

export const MOVERS: MoversSnapshot = {
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

export const BESIDE: [number, number] = [160, 20]
export const INSTEAD: [number, number] = [80, 16]

export async function openMovers(
  size = BESIDE,
  movers: MoversSnapshot | null = MOVERS,
  tail: Partial<TailClient> = {},
) {
  const watched: (MoversWatch | null)[] = []
  const log = await openLog(snapshot({ movers }), size, {}, { watchMovers: watch => void watched.push(watch), ...tail })
  /** The panel alone. */
  const panel = () => log.lines().flatMap(line => line.split("│")[1] ?? [])
  return { ...log, watched, panel }
}
