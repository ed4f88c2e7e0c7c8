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
import { CODE_PATTERN } from "../../domain/redemption-code.ts"
import { withoutSecrets } from "../../log-file.ts"

/** The fields that remember: the log's filter, and the palette. */
export type Remembering = "filter" | "palette"

/** What one of them was given, as a line of the file. */
interface Given {
  readonly field: Remembering
  readonly text: string
}

/** A file of so many bytes is put aside, in the place of the one that was put aside before: twice that stays. */
const MOST_BYTES = 64 * 1024
const LONGEST = 1000
/** Whoever puts a file aside does nothing else: after so long they died over it. */
const ABANDONED_MS = 10_000

/**
 * What was typed into the fields that remember, of this console and of all that share the file at `path`: each appends
 * lines of its own and reads those of the others. Without a file that can be written it remembers as long as it is there.
 */
export class RecallFile {
  private readonly path: string | undefined
  private readonly own: Given[] = []
  private readonly secrets: string[] = []

  constructor(path?: string) {
    this.path = path
  }

  /** What `field` was given, the newest first, each once. */
  recall(field: Remembering): readonly string[] {
    const all = [...this.read(".1"), ...this.read(""), ...this.own]
    const texts = all.filter(given => given.field === field).map(({ text }) => text)
    return [...new Set(texts.reverse())]
  }

  /** Never keeps a text that holds `secret`, which looks like none: a password, typed into the wrong field. */
  keepOut(secret: string): void {
    this.secrets.push(secret)
  }

  /** Keeps what a field was given, unless it is nothing, very long, or holds a secret, or what looks like one. */
  add(field: Remembering, text: string): void {
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

  /** A line is one write at the end of the file: two consoles that append at once do not touch each other's. */
  private append(given: Given): void {
    const { path } = this
    if (path === undefined) return
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    appendFileSync(path, `${JSON.stringify(given)}\n`, { mode: 0o600 })
    const { mode, size } = statSync(path)
    if (mode & 0o077) chmodSync(path, 0o600)
    if (size > MOST_BYTES) putAside(path)
  }

  private read(suffix: string): Given[] {
    const { path } = this
    if (path === undefined) return []
    try {
      const file = openSync(path + suffix, "r")
      try {
        // What somebody else made of it is not read into memory.
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

/** A line that is none of ours, or the half of one, is skipped. */
function parsed(line: string): Given[] {
  try {
    const { field, text } = JSON.parse(line)
    return typeof field === "string" && typeof text === "string" ? [{ field: field as Remembering, text }] : []
  } catch {
    return []
  }
}

/** Renaming takes along what another console appends just now; the directory keeps two from doing it one after the other. */
function putAside(path: string): void {
  const lock = `${path}.lock`
  try {
    mkdirSync(lock)
  } catch {
    if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > ABANDONED_MS) rmdirSync(lock)
    return
  }
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MOST_BYTES) renameSync(path, `${path}.1`)
  } finally {
    rmdirSync(lock)
  }
}

/** A redemption code, and not a part of an id: who reads it has what it is worth. */
const CODE = new RegExp(`(?<![\\w-])${CODE_PATTERN.slice(1, -1)}(?![\\w-])`, "i")

/** An API key, however it begins to be written, a URL with a password, or a redemption code. */
const mayBeSecret = (text: string) => /\bak-/i.test(text) || CODE.test(text) || withoutSecrets(text) !== text
