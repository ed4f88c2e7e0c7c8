import { chmod, readdir, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { DeckError } from "../../../domain/errors.ts"
import type { Accounts, SignOfLife } from "../accounts.ts"
import { claim, type Modes, makeDirectory } from "../directory.ts"
import { publishFile, replaceFile } from "../durable-file.ts"
import type { HistoryWriter, Retention } from "../history-writer.ts"
import type { LogOwner } from "../log-owner.ts"
import { Batch } from "./batch.ts"
import { type Engine, openEngine } from "./duckdb.ts"
import { EMPTY, type HistoryFile, MANIFEST, type Manifest, readManifest } from "./manifest.ts"
import { merged, nextMerge } from "./merging.ts"

/** The recorder's whole process is to stay below 300 MB. */
const BOUNDS = { threads: 1, memoryMb: 128 }

/** A database of the engine that holds nothing: who has it open is the recorder of this directory. It ends with its process. */
const LOCK = "recorder.lock"

/** How long readers may go on with the files of an earlier manifest. */
const KEPT_MS = 10 * 60_000

/** The one writer of a recorder's directory. */
export class ParquetWriter implements HistoryWriter {
  /** The manifest as it is on the disk. */
  manifest: Manifest
  readonly place: string
  private readonly directory: string
  private readonly modes: Modes
  private readonly gateway: string
  private readonly engine: Engine
  /** Number of the next file. */
  private next: number
  /** Changes of the manifest come one after the other. */
  private last: Promise<unknown> = Promise.resolve()

  private constructor(directory: string, modes: Modes, gateway: string, engine: Engine, manifest: Manifest) {
    this.place = directory
    this.directory = directory
    this.modes = modes
    this.gateway = gateway
    this.engine = engine
    this.manifest = manifest
    this.next = manifest.next
  }

  /**
   * Opens the directory, makes it where it is missing, and removes what is in no manifest. Throws DeckError: "conflict" where
   * another recorder works on it or it is another stream's, "unavailable" where it cannot be written, or the engine is not installed.
   */
  static async open(directory: string, owner: LogOwner, modes: Modes): Promise<ParquetWriter> {
    await makeDirectory(directory, modes)
    const engine = await openEngine(join(directory, LOCK), BOUNDS).catch(error => {
      if (!(error instanceof DeckError) || error.code !== "conflict") throw error
      throw new DeckError("conflict", `another recorder writes to ${directory}`, { cause: error, field: "history" })
    })
    try {
      await chmod(join(directory, LOCK), modes.file)
      const manifest = (await readManifest(directory)) ?? EMPTY
      const writer = new ParquetWriter(directory, modes, owner.gateway, engine, manifest)
      await claim(directory, owner, modes)
      await writer.sweep()
      return writer
    } catch (error) {
      engine.close()
      throw error
    }
  }

  get accounts(): Accounts {
    return this.manifest
  }

  newBatch(): Promise<Batch> {
    return Batch.open(this.engine, this.gateway)
  }

  /** Writes `batch` and the accounts behind it. On an error nothing has changed. */
  async save(batch: Batch, accounts: Accounts, recorder: SignOfLife): Promise<void> {
    const { extent } = batch
    const changes = { ...accounts, recorder }
    if (extent.rows === 0) return this.change(manifest => ({ ...manifest, ...changes }))
    const { name, bytes } = await this.put(path => batch.write(path))
    const file: HistoryFile = { name, level: 0, bytes, ...extent }
    await this.change(manifest => ({ ...manifest, ...changes, files: [...manifest.files, file] }))
  }

  async tidy(retention: Retention, nowMs: number): Promise<void> {
    await this.merge(nowMs)
    await this.retain(retention, nowMs)
  }

  /** Merges small files into a larger one, as long as there are any to merge; `nowMs` tells which hours are over. */
  async merge(nowMs: number): Promise<void> {
    for (;;) {
      const merge = nextMerge(this.manifest.files, nowMs)
      if (merge === undefined) return
      const paths = merge.files.map(({ name }) => join(this.directory, name))
      const { name, bytes } = await this.put(path => merged(this.engine, paths, path))
      await this.change(manifest => replaced(manifest, merge.files, merge.into(name, bytes), nowMs))
    }
  }

  /** Drops the oldest files beyond the limits, and removes those that were dropped ten minutes ago. */
  async retain({ days, bytes }: Retention, nowMs: number): Promise<void> {
    const { files } = this.manifest
    let sum = files.reduce((total, file) => total + file.bytes, 0)
    const oldest = nowMs - days * 86_400_000
    const beyond = files.findIndex(file => {
      if (file.toMs >= oldest && sum <= bytes) return true
      sum -= file.bytes
      return false
    })
    const drop = files.slice(0, beyond < 0 ? files.length : beyond)
    if (drop.length > 0) await this.change(manifest => replaced(manifest, drop, undefined, nowMs))
    const due = this.manifest.dropped.filter(({ atMs }) => nowMs - atMs >= KEPT_MS)
    if (due.length === 0) return
    await Promise.all(due.map(({ name }) => rm(join(this.directory, name), { force: true })))
    await this.change(manifest => ({ ...manifest, dropped: manifest.dropped.filter(file => !due.includes(file)) }))
  }

  async close(): Promise<void> {
    this.engine.close()
  }

  /** Makes a new file by `write`; it is in no manifest yet. */
  private async put(write: (path: string) => Promise<void>): Promise<{ name: string; bytes: number }> {
    const name = `log-${String(this.next++).padStart(9, "0")}.parquet`
    const unfinished = join(this.directory, `${name}.new`)
    const path = join(this.directory, name)
    try {
      await write(unfinished)
      await publishFile(unfinished, path, this.modes.file)
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => {})
      throw error
    }
    return { name, bytes: (await stat(path)).size }
  }

  private change(changed: (manifest: Manifest) => Manifest): Promise<void> {
    const done = this.last.then(async () => {
      const manifest = { ...changed(this.manifest), next: this.next }
      await replaceFile(join(this.directory, MANIFEST), `${JSON.stringify(manifest)}\n`, this.modes.file)
      this.manifest = manifest
    })
    this.last = done.catch(() => {})
    return done
  }

  /** Removes what an earlier recorder left unfinished. */
  private async sweep(): Promise<void> {
    const { files, dropped } = this.manifest
    const known = new Set([...files, ...dropped].map(({ name }) => name))
    const left = (await readdir(this.directory)).filter(name => /\.parquet(\.new)?$/.test(name) && !known.has(name))
    await Promise.all(left.map(name => rm(join(this.directory, name), { force: true })))
  }
}

/** Puts `file` in the place of `old`, or nothing. */
function replaced(
  manifest: Manifest,
  old: readonly HistoryFile[],
  file: HistoryFile | undefined,
  nowMs: number,
): Manifest {
  const names = new Set(old.map(({ name }) => name))
  const at = manifest.files.findIndex(({ name }) => names.has(name))
  const files = manifest.files.filter(({ name }) => !names.has(name))
  if (file !== undefined) files.splice(at, 0, file)
  return { ...manifest, files, dropped: [...manifest.dropped, ...old.map(({ name }) => ({ name, atMs: nowMs }))] }
}
