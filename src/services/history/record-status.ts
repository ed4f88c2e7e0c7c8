import { readHistoryState } from "../../adapters/history/engines.ts"
import type { HistoryState } from "../../adapters/history/history-state.ts"
import { THE_GATEWAY } from "../../adapters/history/log-owner.ts"
import type { HistoryPlace } from "../../config/history.ts"
import { rfc3339 } from "../../domain/access-log.ts"
import {
  pulseOf,
  type RecorderPulse,
  type RecordState,
  type RecordStatus,
  recordStatusOf,
} from "../../domain/record-status.ts"

/** A recorder writes a sign of life every five seconds. */
const SILENT_MS = 30_000

/** Reads the state of the history of some gateways at `nowMs`. Throws DeckError `unavailable` where it cannot be read. */
export async function readRecordStatus(
  history: HistoryPlace,
  nowMs: number,
  gateways: readonly { readonly name: string }[] = [{ name: THE_GATEWAY }],
): Promise<RecordStatus> {
  const each = await Promise.all(
    gateways.map(async ({ name }) => ({ gateway: name, ...stateAt(nowMs, await readHistoryState(history, name)) })),
  )
  return recordStatusOf(each)
}

const stateAt = (
  nowMs: number,
  { recorder, untilMs, fromMs, toMs, bytes, entries, gaps, lost }: HistoryState,
): RecordState => ({
  recording: recorder !== undefined && !recorder.isOver && nowMs - recorder.atMs < SILENT_MS,
  since: fromMs === undefined ? null : rfc3339(fromMs),
  newest: toMs === undefined ? null : rfc3339(toMs),
  lag_s: untilMs === undefined ? null : Math.max(0, Math.round((nowMs - untilMs) / 100) / 10),
  bytes,
  entries,
  gaps,
  lost,
  trouble: recorder?.trouble ?? null,
})

/** Looks at the recorders of some gateways; undefined where nothing was recorded yet. Throws DeckError `unavailable`. */
export const takeRecorderPulse = async (
  history: HistoryPlace,
  gateways: readonly { readonly name: string }[],
): Promise<RecorderPulse | undefined> => pulseOf(await readRecordStatus(history, Date.now(), gateways))
