import { recorderDirectory } from "../../adapters/history/directory.ts"
import { readManifest } from "../../adapters/history/manifest.ts"
import type { HistorySettings } from "../../config/history.ts"
import { rfc3339 } from "../../domain/access-log.ts"
import { pulseOf, type RecorderPulse, type RecordStatus } from "../../domain/record-status.ts"

/** A recorder writes a sign of life every five seconds. */
const SILENT_MS = 30_000

/** Reads the state of the history at `nowMs`. Throws DeckError `unavailable` where it cannot be read. */
export async function readRecordStatus(
  { directory }: Pick<HistorySettings, "directory">,
  nowMs: number,
): Promise<RecordStatus> {
  const { files = [], recorder, untilMs } = (await readManifest(recorderDirectory(directory, ""))) ?? {}
  const sum = (of: (file: (typeof files)[number]) => number) => files.reduce((total, file) => total + of(file), 0)
  const [first] = files
  const entries = sum(file => file.entries)
  return {
    recording: recorder !== undefined && !recorder.isOver && nowMs - recorder.atMs < SILENT_MS,
    since: first === undefined ? null : rfc3339(first.fromMs),
    newest: first === undefined ? null : rfc3339(Math.max(...files.map(({ toMs }) => toMs))),
    lag_s: untilMs === undefined ? null : Math.max(0, Math.round((nowMs - untilMs) / 100) / 10),
    bytes: sum(file => file.bytes),
    entries,
    gaps: sum(file => file.gaps),
    lost: sum(file => file.lost),
    trouble: recorder?.trouble ?? null,
  }
}

/** Looks at the recorder; undefined where nothing was recorded yet. Throws DeckError `unavailable`. */
export const takeRecorderPulse = async (
  history: Pick<HistorySettings, "directory">,
): Promise<RecorderPulse | undefined> => pulseOf(await readRecordStatus(history, Date.now()))
