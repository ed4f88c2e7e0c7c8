import { workedWith } from "./live.ts"
import { percentile } from "./measures.ts"
import { onPlatform } from "./platform.ts"
import type { BenchRow } from "./report.ts"

const RATES = [100, 500, 1_000, 2_000, 5_000, 10_000, 20_000]
const SECONDS = 15

/** The console in a terminal of 160x50 at more and more entries a second, with keys pressed: CPU, and from key to paint. */
export async function ratesBench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const perSecond of RATES) {
    const load = { perSecond, seconds: SECONDS, keep: Math.max(10_000, 20 * perSecond) }
    const { latencies, cores } = await onPlatform(platform => workedWith(platform, load))
    rows.push(
      { name: `${perSecond}/s: from key to paint, p95`, value: percentile(latencies, 95), unit: "ms" },
      { name: `${perSecond}/s: CPU of the console`, value: cores, unit: "cores" },
    )
  }
  return rows
}
