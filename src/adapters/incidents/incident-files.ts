import { randomInt } from "node:crypto"
import { type FileHandle, open, readdir, readFile, stat } from "node:fs/promises"
import { hostname, userInfo } from "node:os"
import { join } from "node:path"
import { DeckError } from "../../domain/errors.ts"
import { type IncidentLine, incidentLine, type WrittenBy } from "../../domain/incident/incident-line.ts"
import { toJson } from "../../domain/json.ts"
import { CODE_WITHIN } from "../../domain/redemption-code.ts"
import { withoutSecrets } from "../../log-file.ts"
import { type Modes, makeDirectory } from "../history/directory.ts"

/** All files of incidents, read at one moment. */
export interface IncidentsRead {
  readonly files: readonly WrittenBy[]
  /** What was left out: names of files that are not opsdeck's, and how many lines of a file cannot be read. */
  readonly skipped: readonly string[]
}

const ENDING = ".ndjson"
/** A file above this is no file of an incident. */
const MOST_BYTES = 32 << 20

interface Kept {
  readonly size: number
  readonly read: WrittenBy
  readonly skipped: readonly string[]
}

/** The files of incidents in a directory: this process appends to one of its own, made with its first line. */
export class IncidentFiles {
  private readonly directory: string
  private readonly modes: () => Promise<Modes>
  private readonly writer = writerName()
  private file: Promise<FileHandle> | undefined
  /** What was read of files that only grow, by their names. */
  private kept: ReadonlyMap<string, Kept> = new Map()

  constructor(directory: string, modes: () => Promise<Modes>) {
    this.directory = directory
    this.modes = modes
  }

  /** Reads what all writers wrote; nothing where there is no directory. Throws DeckError `unavailable` where it cannot be read. */
  async read(): Promise<IncidentsRead> {
    const names = await readdir(this.directory).catch(cause => {
      if (cause.code === "ENOENT") return []
      throw unavailable("the incidents cannot be read", cause)
    })
    const own = names.filter(name => name.endsWith(ENDING)).toSorted()
    const kept = new Map(await Promise.all(own.map(async name => [name, await this.readFile(name)] as const)))
    this.kept = kept
    return {
      files: [...kept.values()].map(({ read }) => read),
      skipped: [
        ...[...kept.values()].flatMap(({ skipped }) => skipped),
        ...names.filter(name => !name.endsWith(ENDING) && !name.startsWith(".")),
      ],
    }
  }

  /**
   * Appends `line` in one write, without secrets. Throws DeckError `unavailable` where that is not possible, and `usage` for a
   * group that does not exist.
   */
  async append(line: IncidentLine): Promise<void> {
    this.file ??= this.create()
    try {
      await (await this.file).appendFile(`${toJson(withoutSecretsIn(line))}\n`)
    } catch (cause) {
      this.file = undefined
      throw cause instanceof DeckError ? cause : unavailable("the incident cannot be written", cause as Error)
    }
  }

  close(): void {
    void this.file?.then(file => file.close()).catch(() => {})
  }

  /** Never the file of another writer, which may end in the middle of a line. */
  private async create(): Promise<FileHandle> {
    const modes = await this.modes()
    await makeDirectory(this.directory, modes)
    const path = join(this.directory, `${this.writer}-${randomInt(0x10000).toString(16).padStart(4, "0")}${ENDING}`)
    const file = await open(path, "ax", modes.file)
    // The mode given to open is cut by the umask.
    await file.chmod(modes.file)
    if (modes.groupId !== undefined) await file.chown(-1, modes.groupId)
    return file
  }

  private async readFile(name: string): Promise<Kept> {
    const writer = name.slice(0, -ENDING.length)
    const nothing = (why: string): Kept => ({ size: -1, read: { writer, lines: [] }, skipped: [`${name} (${why})`] })
    try {
      const path = join(this.directory, name)
      const found = await stat(path)
      if (!found.isFile()) return nothing("no file")
      const { size } = found
      const before = this.kept.get(name)
      if (before?.size === size) return before
      if (size > MOST_BYTES) return nothing("too large")
      const rows = (await readFile(path, "utf8")).split("\n").filter(row => row !== "")
      const lines = rows.flatMap(parsed)
      const bad = rows.length - lines.length
      return { size, read: { writer, lines }, skipped: bad === 0 ? [] : [`${name} (${bad} of ${rows.length} lines)`] }
    } catch (error) {
      return nothing((error as NodeJS.ErrnoException).code ?? "unreadable")
    }
  }
}

/** Reads a line; one that was torn by a crash, or is of another program, gives none. */
function parsed(row: string): IncidentLine[] {
  try {
    return [incidentLine.parse(JSON.parse(row))]
  } catch {
    return []
  }
}

/** Names host, account and process, in characters that every file system takes. */
function writerName(): string {
  const plain = (text: string) => text.replace(/[^\w-]/g, "_").slice(0, 40)
  return [hostname(), accountName(), String(process.pid)].map(plain).join(".")
}

function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? "user")
  }
}

const CODES = new RegExp(CODE_WITHIN, "gi")

/** Replaces API keys, passwords of URLs and redemption codes in all texts of a value. */
function withoutSecretsIn(value: unknown): unknown {
  if (typeof value === "string") return withoutSecrets(value).replace(CODES, "***")
  if (Array.isArray(value)) return value.map(withoutSecretsIn)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutSecretsIn(part)]))
}

const unavailable = (what: string, cause: Error) =>
  new DeckError("unavailable", `${what}: ${cause.message}`, { cause, field: "history" })
