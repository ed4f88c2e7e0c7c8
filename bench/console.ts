import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { type IPty, spawn } from "@lydell/node-pty"
import xterm from "@xterm/headless"
import { MARGINS_QUESTION } from "../src/ui/terminal/margins.ts"

export const root = resolve(import.meta.dirname, "..")
export const starter = join(root, "bin/opsdeck.js")

const COLUMNS = 160
const ROWS = 50
/** Where the console draws its newest entry, above the two lines of the footer, and the line that says how it stands. */
const NEWEST_ROW = ROWS - 3
const HEADER_ROW = 3
const SELECTED = "▌"

const PATIENCE_MS = 60_000

/** Starts Node on `argv` in a pseudo-terminal of 160x50, in an environment of its own. */
export function startInTerminal(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): IPty {
  const usual = { PATH: process.env.PATH, HOME: tmpdir(), TERM: "xterm-256color", LANG: "C.UTF-8" }
  const env = { ...usual, ...environment } as Record<string, string>
  return spawn(process.execPath, [...argv], { cols: COLUMNS, rows: ROWS, cwd: tmpdir(), env })
}

/** The built console at a terminal emulator, of which as little is looked at as will do: looking takes the same CPU. */
export class BenchConsole {
  readonly pid: number
  /** Bytes written to the terminal so far. */
  bytes = 0
  private readonly process: IPty
  private readonly exited: Promise<unknown>
  private readonly emulator = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true })
  private readonly watchers = new Set<() => void>()

  /**
   * `hasMargins`: the terminal says that it has left and right margins. The emulator has none: of what does not scroll it
   * shows something else then.
   */
  constructor(environment: Readonly<Record<string, string>>, hasMargins = false) {
    this.process = startInTerminal([starter], environment)
    this.pid = this.process.pid
    this.exited = new Promise(resolve => this.process.onExit(resolve))
    this.process.onData(data => {
      this.bytes += Buffer.byteLength(data)
      if (hasMargins && data.includes(MARGINS_QUESTION)) this.process.write("\x1b[?69;2$y")
      this.emulator.write(data, () => {
        for (const watcher of this.watchers) watcher()
      })
    })
  }

  press(key: string): void {
    this.process.write(key)
  }

  /** Calls `watcher` whenever the screen may have changed, until the answer is called. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher)
    return () => void this.watchers.delete(watcher)
  }

  /** Resolves when the screen satisfies `condition`. Rejects with the screen when that takes a minute. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop()
        reject(new Error(`the console did not get there; its screen:\n${this.rows.join("\n")}`))
      }, PATIENCE_MS)
      const look = () => {
        if (!condition()) return
        clearTimeout(timer)
        stop()
        resolve()
      }
      const stop = this.watch(look)
      look()
    })
  }

  /** The number in the path of the newest entry in sight, -1 without one. */
  get newestNumber(): number {
    return Number(/ \/n\/(\d+)/.exec(this.newestRow)?.[1] ?? -1)
  }

  /** The text of the newest entry in sight. */
  get newestRow(): string {
    return this.line(NEWEST_ROW)
  }

  /** How many entries are held, as the header says where a filter is on; undefined before it does. */
  get held(): number | undefined {
    const [, figure] = /0 of (\d[^a-z]*) match/.exec(this.line(HEADER_ROW)) ?? []
    return figure === undefined ? undefined : Number(figure.replace(/\D/g, ""))
  }

  /** How many losses the rows in sight tell of. */
  get losses(): number {
    return this.rows.filter(row => /trimmed before they could be read|entries may be missing/.test(row)).length
  }

  /** The whole screen. */
  get text(): string {
    return this.rows.join("\n")
  }

  get isLive(): boolean {
    return this.line(HEADER_ROW).includes("● live")
  }

  get isPaused(): boolean {
    return this.line(HEADER_ROW).includes("‖ paused")
  }

  /** The row of the screen that is marked as selected, -1 without one. */
  get selectedRow(): number {
    const { active } = this.emulator.buffer
    for (let row = 0; row < ROWS; row++) {
      if (
        active
          .getLine(active.baseY + row)
          ?.getCell(0)
          ?.getChars() === SELECTED
      )
        return row
    }
    return -1
  }

  async close(): Promise<void> {
    this.press("q")
    await this.exited
    this.emulator.dispose()
  }

  private get rows(): string[] {
    return Array.from({ length: ROWS }, (_, row) => this.line(row))
  }

  private line(row: number): string {
    const { active } = this.emulator.buffer
    return active.getLine(active.baseY + row)?.translateToString(true) ?? ""
  }
}
