import { join } from "node:path"
import { z } from "zod"
import { accounts, signOfLife } from "../accounts.ts"
import { readState } from "../state-file.ts"

const count = z.number().int().nonnegative()

const file = z.object({
  name: z.string().regex(/^[\w-]+\.parquet$/),
  /** 0: as flushed; 1: about a minute of these; 2: an hour, which is merged no further. */
  level: count.max(2),
  bytes: count,
  rows: count,
  entries: count,
  gaps: count,
  lost: count,
  /** When the first and the last row count, in ms since the epoch. */
  fromMs: z.number(),
  toMs: z.number(),
})
/** One live file: a stretch of the log that lies behind the file before it. */
export type HistoryFile = z.infer<typeof file>

const manifest = z.object({
  format: z.literal(1),
  /** Number of the next file: no name is used twice. */
  next: count,
  ...accounts.shape,
  recorder: signOfLife.optional(),
  /** The live files, oldest first. */
  files: z.array(file),
  /** Files that readers may still have open; they are removed ten minutes after `atMs`. */
  dropped: z.array(z.object({ name: z.string(), atMs: z.number() })),
})

/**
 * What a history consists of. It is replaced as a whole, after the files that it names are on the disk: so a reader that begins
 * with it sees each entry once, and a recorder that begins with it goes on behind the last row.
 */
export type Manifest = z.infer<typeof manifest>

export const MANIFEST = "manifest.json"

export const EMPTY: Manifest = { format: 1, next: 1, epoch: 0, files: [], dropped: [] }

/** Reads the manifest of a recorder's directory; undefined where there is none. Throws DeckError `unavailable`. */
export const readManifest = (directory: string): Promise<Manifest | undefined> =>
  readState(join(directory, MANIFEST), manifest)
