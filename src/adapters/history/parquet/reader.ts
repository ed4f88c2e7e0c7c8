import { basename, join } from "node:path"
import { type HistoryRow, rowOf } from "../history-row.ts"
import { filesFrom, type Pages, pageConditions, pageOrder, type Step } from "../pages.ts"
import { DUCKDB, literal } from "./dialect.ts"
import { type Engine, openEngine } from "./duckdb.ts"
import { type HistoryFile, readManifest } from "./manifest.ts"

/** The readers' share of the machine. */
const BOUNDS = { threads: 2, memoryMb: 512 }

/** Opens an engine for readers. Throws DeckError "unavailable" where it is not installed. */
export const openReaders = (): Promise<Engine> => openEngine(":memory:", BOUNDS)

/** So many files are read at a time at the most: about half a day. */
const MOST_FILES = 12

/** A reader of a recorder's directory, beside the recorder and other readers. */
export class HistoryReader {
  private readonly directory: string
  private readonly engine: Engine

  constructor(directory: string, engine: Engine) {
    this.directory = directory
    this.engine = engine
  }

  /** Opens one with an engine of its own, which it closes. Throws DeckError "unavailable" where the engine is not installed. */
  static async open(directory: string): Promise<HistoryReader> {
    return new HistoryReader(directory, await openReaders())
  }

  /**
   * Reads the rows, oldest first: those that meet the condition `where` on the history's columns, and what lies between entries.
   * Throws DeckError "unavailable" where the history cannot be read.
   */
  async *rows(where = "true"): AsyncGenerator<HistoryRow> {
    const { files = [] } = (await readManifest(this.directory)) ?? {}
    const connection = await this.engine.connect()
    try {
      for (const { name } of files) {
        // A file holds its rows in their order.
        const file = literal(join(this.directory, name))
        const result = await connection.stream(`from read_parquet(${file}) where event is not null or (${where})`)
        for await (const rows of result.yieldRowObjectJs()) yield* rows.map(rowOf)
      }
    } finally {
      connection.closeSync()
    }
  }

  /**
   * Reads rows in the order of the request, what lies between entries included, as soon as they are read: of one file, then of
   * twice as many at a time, so that a rare filter is not slow. A file that cannot be read is named and left out. Ends at `limit`
   * rows. Throws DeckError "unavailable" where the history cannot be read at all, and the signal's reason when it fires, which ends
   * the query in the engine.
   */
  async *pages(request: Pages, signal: AbortSignal): AsyncGenerator<Step> {
    const { files = [] } = (await readManifest(this.directory)) ?? {}
    const { conditions, isBack } = pageConditions(request, DUCKDB)
    const order = pageOrder(isBack)
    const connection = await this.engine.connect()
    const interrupt = () => connection.interrupt()
    signal.addEventListener("abort", interrupt)
    let left = request.limit
    const ask = async (what: string, some: readonly HistoryFile[], rest: string) => {
      signal.throwIfAborted()
      const paths = some.map(({ name }) => literal(join(this.directory, name))).join(", ")
      const result = await connection.run(`select ${what} from read_parquet([${paths}]) ${rest}`)
      return Map.groupBy(await result.getRowObjectsJS(), ({ filename }) => basename(String(filename)))
    }
    /** Returns the files that hold any row of the request: a filter alone is tried on the values that a file names once. */
    const holding = async (some: readonly HistoryFile[]) => {
      if (request.where === undefined || some.length === 1) return some
      const found = await ask("distinct filename", some, `where ${request.where}`)
      return some.filter(({ name, rows, entries }) => found.has(name) || (rows > entries && !request.entriesOnly))
    }
    const read = async (some: readonly HistoryFile[]): Promise<Map<string, HistoryRow[]>> => {
      const of = await holding(some)
      if (of.length === 0) return new Map()
      const rows = await ask("*, filename", of, `where ${conditions} ${order} limit ${left}`)
      return new Map([...rows].map(([name, ofFile]) => [name, ofFile.map(rowOf)]))
    }
    const wanted = filesFrom(files, request)
    try {
      for (let at = 0, most = 1; at < wanted.length; ) {
        const some = wanted.slice(at, at + most)
        const found = await read(some).catch(() => undefined)
        signal.throwIfAborted()
        // Each by itself shows which one cannot be read.
        most = found === undefined ? 1 : Math.min(2 * most, MOST_FILES)
        if (found === undefined && some.length > 1) continue
        for (const { name, fromMs, toMs } of some) {
          const step = { file: name, reached: isBack ? fromMs : toMs }
          const rows = found?.get(name) ?? []
          left -= rows.length
          yield { ...step, rows, isWhole: left > 0, ...(found === undefined && { isUnreadable: true }) }
          if (left <= 0) return
        }
        at += some.length
      }
    } finally {
      signal.removeEventListener("abort", interrupt)
      connection.closeSync()
    }
  }

  /** Since when nothing is missing before a moment, in ms since the epoch; undefined where nothing is that old. */
  async gaplessSince(ms: number): Promise<number | undefined> {
    const { files = [] } = (await readManifest(this.directory)) ?? {}
    const connection = await this.engine.connect()
    try {
      for (const { name } of files.filter(({ fromMs, gaps }) => gaps > 0 && fromMs <= ms).toReversed()) {
        const file = literal(join(this.directory, name))
        const gap = `from read_parquet(${file}) where event = 'gap' and ms <= ${Math.trunc(ms)}::ubigint`
        const [last] = (await (await connection.run(`${gap} ${pageOrder(true)} limit 1`)).getRowObjectsJS()).map(rowOf)
        if (last?.kind === "gap") return Number((last.to ?? last.from).split("-")[0])
      }
    } finally {
      connection.closeSync()
    }
    return files.find(({ fromMs }) => fromMs <= ms)?.fromMs
  }

  close(): void {
    this.engine.close()
  }
}
