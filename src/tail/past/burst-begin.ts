import { beginningOf } from "../../domain/bursts.ts"
import { isEntry } from "../held.ts"
import type { LogPlace } from "../protocol.ts"
import type { From, LogReading, Passing, Spot } from "./reading.ts"

/** Enough failed requests to tell where a burst of them begins. */
const ENOUGH = 2_000

/**
 * Returns where the failed request stands at which a burst begins; undefined where none fails in time. `failing` passes failed requests
 * alone, and the engine looks for them: a bar of a day holds far more requests than are read around a moment.
 */
export async function burstBegin(
  reader: LogReading,
  from: From,
  { ms, failedWithin }: Extract<LogPlace, { readonly failedWithin: number }>,
  failing: Passing,
  signal: AbortSignal,
): Promise<Spot | undefined> {
  const failed: { readonly at: number; readonly spot: Spot }[] = []
  reading: for await (const { rows, reached } of reader.on(from, failing, signal)) {
    for (const { held, spot } of rows) {
      if (!isEntry(held) || spot === undefined || !failing.passes(held) || held.at < ms) continue
      if (held.at >= ms + failedWithin || failed.length >= ENOUGH) break reading
      failed.push({ at: held.at, spot })
    }
    if (reached !== undefined && reached >= ms + failedWithin) break
  }
  const times = failed.map(({ at }) => at)
  return failed[beginningOf(times, ms)]?.spot
}
