import { join } from "node:path"
import { ClickHouse } from "../../src/adapters/history/clickhouse/client.ts"
import { ClickHouseReader } from "../../src/adapters/history/clickhouse/reader.ts"
import { recorderDirectory } from "../../src/adapters/history/directory.ts"
import type { HistoryRow } from "../../src/adapters/history/history-row.ts"
import { HistoryReader } from "../../src/adapters/history/parquet/reader.ts"
import type { ClickHouseServer } from "../../src/config/history.ts"
import { record } from "../../src/services/history/record.ts"
import { KEY, type Lab } from "./redis.ts"

/** A history, and the recorders that write to it one after the other. */
export class Recordings {
  readonly said: string[] = []
  private readonly place: { readonly directory: string } | { readonly server: ClickHouseServer }
  private readonly url: string

  /** Of the Redis at `url`. */
  constructor(place: Recordings["place"], url: string) {
    this.place = place
    this.url = url
  }

  /** In a directory of its own. */
  static async in(lab: Lab, url: string): Promise<Recordings> {
    return new Recordings({ directory: join(await lab.dir(), "history") }, url)
  }

  /** Of one in a directory: that, and the recorder's own within it. */
  get directory(): string {
    if ("server" in this.place) throw new TypeError("it is in no directory")
    return this.place.directory
  }

  get files(): string {
    return recorderDirectory(this.directory, "")
  }

  /** Starts a recorder; `end` has it write everything. */
  start(url = this.url, retention = { days: 7, bytes: 1e9 }, group?: string) {
    const ending = new AbortController()
    const { signal } = ending
    const say = (message: string) => this.said.push(message)
    const recording = { redis: { url }, stream: KEY, retention, signal, say, flushMs: 100 }
    const ended = record({ ...this.place, ...retention, ...(group !== undefined && { group }) }, recording)
    // It may be refused before anybody waits for it.
    ended.catch(() => {})
    return {
      ended,
      async end() {
        ending.abort()
        await ended
      },
    }
  }

  async rows(): Promise<HistoryRow[]> {
    const reader = await this.reader()
    try {
      const rows: HistoryRow[] = []
      for await (const row of reader.rows()) rows.push(row)
      return rows
    } finally {
      await reader.close()
    }
  }

  private async reader() {
    if ("directory" in this.place) return HistoryReader.open(this.files)
    return new ClickHouseReader(await ClickHouse.open(this.place.server), "")
  }

  /** What the history holds, in order: entries by their field `n`, neighbours as `first..last`, and what lies between them. */
  async story(): Promise<string[]> {
    const story: string[] = []
    let from: number | undefined
    let to = 0
    const end = () => {
      if (from !== undefined) story.push(from === to ? `${from}` : `${from}..${to}`)
      from = undefined
    }
    for (const row of await this.rows()) {
      if (row.kind === "entry") {
        const n = Number(row.entry.get("n"))
        if (from === undefined || n !== to + 1) {
          end()
          from = n
        }
        to = n
        continue
      }
      end()
      story.push(row.kind === "gap" ? `${row.lost || "unknown"} lost: ${row.reason}` : `reset to epoch ${row.epoch}`)
    }
    end()
    return story
  }
}
