import {
  appendFileSync,
  chmodSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
} from "node:fs"
import { dirname } from "node:path"
import { CODE_WITHIN } from "../../domain/redemption-code.ts"
import { withoutSecrets } from "../../log-file.ts"

/** Input fields with a history. */
export type HistoryName = "filter" | "palette" | "search" | "alert" | "time" | "find" | "note"

/** One input, a line of the file. */
interface HistoryEntry {
  readonly field: HistoryName
  readonly text: string
}

/** Size at which the file is rotated; one older file is kept. */
const MOST_BYTES = 64 * 1024
const LONGEST = 1000
/** Time after which the lock of a rotation is stale: a rotation takes much less. */
const ABANDONED_MS = 10_000

/**
 * History of inputs, shared by all consoles through the file at `path`: each appends lines and reads those of the
 * others. Without a writable file it lasts as long as the console.
 */
export class InputHistory {
  private readonly path: string | undefined
  private readonly own: HistoryEntry[] = []
  private readonly secrets: string[] = []

  constructor(path?: string) {
    this.path = path
  }

  /** Returns the history of `field`, the newest first, without duplicates. */
  entries(field: HistoryName): readonly string[] {
    const all = [...this.read(".1"), ...this.read(""), ...this.own]
    const texts = all.filter(given => given.field === field).map(({ text }) => text)
    return [...new Set(texts.reverse())]
  }

  /** Excludes any text that holds `secret`, which may not look like one: a password, typed into the wrong field. */
  exclude(secret: string): void {
    this.secrets.push(secret)
  }

  /** Adds an input, unless it is empty, very long, or holds a secret or what looks like one. */
  add(field: HistoryName, text: string): void {
    const given = { field, text: text.trim() }
    const isSecret = mayBeSecret(text) || this.secrets.some(secret => text.includes(secret))
    if (given.text === "" || text.length > LONGEST || isSecret) return
    this.own.push(given)
    if (this.own.length > 2 * LONGEST) this.own.splice(0, LONGEST)
    try {
      this.append(given)
    } catch (error) {
      console.error("history:", error)
    }
  }

  /** A line is one write at the end of the file: concurrent appends of two consoles do not mix. */
  private append(given: HistoryEntry): void {
    const { path } = this
    if (path === undefined) return
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    appendFileSync(path, `${JSON.stringify(given)}\n`, { mode: 0o600 })
    const { mode, size } = statSync(path)
    if (mode & 0o077) chmodSync(path, 0o600)
    if (size > MOST_BYTES) rotate(path)
  }

  private read(suffix: string): HistoryEntry[] {
    const { path } = this
    if (path === undefined) return []
    try {
      const file = openSync(path + suffix, "r")
      try {
        // A file that another program has enlarged is not read into memory.
        if (fstatSync(file).size > 2 * MOST_BYTES) return []
        return readFileSync(file, "utf8").split("\n").flatMap(parsed)
      } finally {
        closeSync(file)
      }
    } catch {
      return []
    }
  }
}

/** Parses a line; an incomplete or foreign one is skipped. */
function parsed(line: string): HistoryEntry[] {
  try {
    const { field, text } = JSON.parse(line)
    return typeof field === "string" && typeof text === "string" ? [{ field: field as HistoryName, text }] : []
  } catch {
    return []
  }
}

/**
 * Rotates the file. Renaming keeps what another console appends at the same time; a lock directory prevents two
 * rotations in a row.
 */
function rotate(path: string): void {
  const lock = `${path}.lock`
  try {
    mkdirSync(lock)
  } catch {
    const madeAt = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    // The clock may have been set back since.
    if (Math.abs(Date.now() - madeAt) > ABANDONED_MS) rmdirSync(lock)
    return
  }
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MOST_BYTES) renameSync(path, `${path}.1`)
  } finally {
    rmdirSync(lock)
  }
}

/** Whether a text holds an API key (in any case), a URL with a password, or a redemption code. */
const mayBeSecret = (text: string) => /\bak-/i.test(text) || CODE_WITHIN.test(text) || withoutSecrets(text) !== text
