import { FILE_FORMAT, literal } from "./dialect.ts"
import type { Engine } from "./duckdb.ts"
import type { HistoryFile } from "./manifest.ts"

const HOUR_MS = 3_600_000

/** So many flushes become one file at a time: about a minute. */
const FLUSHES = 12

/** Neighbouring files that become one. */
export interface Merge {
  readonly files: readonly HistoryFile[]
  into(name: string, bytes: number): HistoryFile
}

/**
 * Returns what is to be merged next: the files of an hour that is over at `nowMs` into one, else a minute's flushes; undefined
 * where there is nothing to do. A file belongs to the hour that it begins in. Each row is so written three times.
 */
export function nextMerge(files: readonly HistoryFile[], nowMs: number): Merge | undefined {
  const current = hourOf(nowMs)
  const past = stretch(files, file => file.level < 2 && hourOf(file.fromMs) < current, sameHour)
  // One file of its own is an hour as it is.
  if (past !== undefined) return intoOne(past, 2)
  const flushes = stretch(files, file => file.level === 0, sameHour, FLUSHES)
  return flushes && intoOne(flushes, 1)
}

/** Copies the rows of `files` to the file `to`, in their order. */
export async function merged(engine: Engine, files: readonly string[], to: string): Promise<void> {
  const list = files.map(literal).join(", ")
  const connection = await engine.connect()
  try {
    await connection.run(`copy (from read_parquet([${list}])) to ${literal(to)} (${FILE_FORMAT})`)
  } finally {
    connection.closeSync()
  }
}

const hourOf = (ms: number) => Math.floor(ms / HOUR_MS)
const sameHour = (a: HistoryFile, b: HistoryFile) => hourOf(a.fromMs) === hourOf(b.fromMs)

/** The first neighbours that are `meant` and belong together, `least` of them or more. */
function stretch(
  files: readonly HistoryFile[],
  meant: (file: HistoryFile) => boolean,
  together: (a: HistoryFile, b: HistoryFile) => boolean,
  least = 1,
): HistoryFile[] | undefined {
  let found: HistoryFile[] = []
  for (const file of files) {
    const [first] = found
    const fits = meant(file) && (first === undefined || together(first, file))
    if (!fits && found.length >= least) return found
    found = fits ? [...found, file] : meant(file) ? [file] : []
  }
  return found.length >= least ? found : undefined
}

function intoOne(files: readonly HistoryFile[], level: number): Merge {
  const sum = (of: (file: HistoryFile) => number) => files.reduce((total, file) => total + of(file), 0)
  return {
    files,
    into: (name, bytes) => ({
      name,
      level,
      bytes,
      rows: sum(file => file.rows),
      entries: sum(file => file.entries),
      gaps: sum(file => file.gaps),
      lost: sum(file => file.lost),
      fromMs: Math.min(...files.map(file => file.fromMs)),
      toMs: Math.max(...files.map(file => file.toMs)),
    }),
  }
}
