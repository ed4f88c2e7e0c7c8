import { readHistoryState } from "../../adapters/history/engines.ts"
import { THE_GATEWAY } from "../../adapters/history/log-owner.ts"
import type { HistoryPlace } from "../../config/history.ts"
import { rfc3339 } from "../../domain/access-log.ts"
import { pulseOf, type RecorderPulse, type RecordStatus } from "../../domain/record-status.ts"

/** A recorder writes a sign of life every five seconds. */
const SILENT_MS = 30_000

/** Reads the state of the history at `nowMs`. Throws DeckError `unavailable` where it cannot be read. */
export async function readRecordStatus(history: HistoryPlace, nowMs: number): Promise<RecordStatus> {
  const state = await readHistoryState(history, THE_GATEWAY)
  const { recorder, untilMs, fromMs, toMs, bytes, entries, gaps, lost } = state
  return {
    recording: recorder !== undefined && !recorder.isOver && nowMs - recorder.atMs < SILENT_MS,
    since: fromMs === undefined ? null : rfc3339(fromMs),
    newest: toMs === undefined ? null : rfc3339(toMs),
    lag_s: untilMs === undefined ? null : Math.max(0, Math.round((nowMs - untilMs) / 100) / 10),
    bytes,
    entries,
    gaps,
    lost,
    trouble: recorder?.trouble ?? null,
  }
}

/** Looks at the recorder; undefined where nothing was recorded yet. Throws DeckError `unavailable`. */
export const takeRecorderPulse = async (history: HistoryPlace): Promise<RecorderPulse | undefined> =>
  pulseOf(await readRecordStatus(history, Date.now()))
