import { workedWith } from "./live.ts"
import { percentile } from "./measures.ts"
import { onPlatform } from "./platform.ts"
import type { BenchRow } from "./report.ts"

const RATES = [100, 500, 1_000, 2_000, 5_000, 10_000, 20_000]
const SECONDS = 15
/** What the console may take, in cores, and how long a key may, in ms. */
const MOST_CORES: Readonly<Record<number, number>> = { 5000: 0.25, 10000: 0.5 }
const MOST_MS: Readonly<Record<number, number>> = { 10000: 25 }

/** The console in a terminal of 160x50 at more and more entries a second, with keys pressed: CPU, and from key to paint. */
export async function ratesBench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const perSecond of RATES) {
    const load = { perSecond, seconds: SECONDS, keep: Math.max(10_000, 20 * perSecond) }
    const { latencies, cores } = await onPlatform(platform => workedWith(platform, load))
    const row = (name: string, value: number, unit: string, atMost: number | undefined) =>
      rows.push({ name: `${perSecond}/s: ${name}`, value, unit, ...(atMost !== undefined && { target: { atMost } }) })
    row("from key to paint, p95", percentile(latencies, 95), "ms", MOST_MS[perSecond])
    row("CPU of the console", cores, "cores", MOST_CORES[perSecond])
  }
  return rows
}
