import { CALM, looks } from "../test/support/simulated-traffic.ts"
import type { BenchRow } from "./report.ts"

const SEEDS = 20
const MINUTES = 60

/** Looks for what stands out every two seconds of an hour of the demo's traffic without incidents, for 20 seeds. */
export async function calmBench(): Promise<BenchRow[]> {
  const lines = Array.from({ length: SEEDS }, (_, seed) => {
    const named = new Set<string>()
    for (const found of looks(CALM, { seed: seed + 1, minutes: MINUTES })) {
      for (const { key, route, outcome } of found) named.add(`${key} ${route} ${outcome}`)
    }
    return named.size
  })
  const unit = "lines"
  return [
    { name: "named in the worst of the hours", value: Math.max(...lines), unit, target: { atMost: 1 } },
    { name: "named in all of the hours", value: lines.reduce((sum, count) => sum + count, 0), unit },
  ]
}
