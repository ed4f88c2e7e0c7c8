import type { StreamEntry } from "../stream-entry.ts"
import { DIMENSIONS } from "./dimensions.ts"
import type { MoversSnapshot, MoversWatch } from "./movers-snapshot.ts"

/** Counts the requests of the last minutes by every dimension. The order in which entries come does not matter. */
export class Movers {
  private entries: { ms: number; values: string[] }[] = []
  private seenFrom: number

  constructor(nowMs: number) {
    this.seenFrom = nowMs
  }

  /** Forgets everything; from `nowMs` on, milliseconds since the epoch by the stream's clock, all is seen. */
  restart(nowMs: number): void {
    this.entries = []
    this.seenFrom = nowMs
  }

  /** All that the stream took from `ms` on is, or was, looked at. */
  see(ms: number): void {
    this.seenFrom = Math.min(this.seenFrom, ms)
  }

  accept(entry: StreamEntry): void {
    this.entries.push({ ms: entry.ms, values: DIMENSIONS.map(dimension => dimension.valueOf(entry)) })
  }

  /** What is to be seen at `nowMs`. */
  snapshot(watch: MoversWatch, nowMs: number): MoversSnapshot {
    const from = Math.max(this.seenFrom, nowMs - watch.minutes * 60_000)
    const seconds = Math.max(1, (nowMs - from) / 1000)
    this.entries = this.entries.filter(({ ms }) => ms >= nowMs - 900_000)
    const recent = this.entries.filter(({ ms }) => ms >= from)
    return {
      watch,
      perSecond: recent.length / seconds,
      seenSeconds: (nowMs - from) / 1000,
      dimensions: DIMENSIONS.map(({ key }, i) => {
        const counts = new Map<string, number>()
        for (const { values } of recent) {
          const value = values[i] as string
          if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1)
        }
        const movers = [...counts]
          .toSorted(([, a], [, b]) => b - a)
          .slice(0, watch.rows)
          .map(([value, count]) => ({
            value,
            perSecond: count / seconds,
            share: count / recent.length,
            refused: 0,
            failed: 0,
            p95: null,
            before: null,
            error: 0,
          }))
        return { key, movers, distinct: counts.size, isWhole: true }
      }),
    }
  }
}
