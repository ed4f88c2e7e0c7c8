import type { HistoryState } from "../history-state.ts"
import { type HistoryFile, readManifest } from "./manifest.ts"

/** Reads the state of a recorder's directory. Throws DeckError `unavailable`. */
export async function parquetState(directory: string): Promise<HistoryState> {
  const { files = [], recorder, untilMs } = (await readManifest(directory)) ?? {}
  const sum = (of: (file: HistoryFile) => number) => files.reduce((total, file) => total + of(file), 0)
  const [first] = files
  return {
    ...(recorder && { recorder }),
    ...(untilMs !== undefined && { untilMs }),
    ...(first && { fromMs: first.fromMs, toMs: Math.max(...files.map(({ toMs }) => toMs)) }),
    bytes: sum(file => file.bytes),
    entries: sum(file => file.entries),
    gaps: sum(file => file.gaps),
    lost: sum(file => file.lost),
  }
}
