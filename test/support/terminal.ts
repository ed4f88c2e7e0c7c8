import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { type IPty, spawn } from "@lydell/node-pty"
import xterm from "@xterm/headless"
import { onTestFinished } from "vitest"
import { drawnOn } from "./drawn-on.ts"
import { KEYS } from "./keyboard.ts"
import { type Environment, root, temporaryDirectory } from "./program.ts"
import type { SlowLink } from "./slow-link.ts"
import { TerminalScreen } from "./terminal-screen.ts"
import { until } from "./waiting.ts"

/** Longer than the program is busy. */
const AFTER_ESC_MS = 150

/** Size of a terminal, and the link to it where that is slow. */
interface TerminalOptions {
  readonly columns?: number
  readonly rows?: number
  readonly link?: SlowLink
}

/**
 * An operator at a terminal: a real pseudo-terminal, a real terminal emulator, and few words: `see`, `press`, `type`.
 * Ends with the test at the latest.
 */
export class Terminal extends TerminalScreen {
  readonly process: IPty
  /** What the program asked the terminal for that is not drawing: titles and the clipboard. */
  readonly requests: string[] = []
  /** Everything the program wrote, as it came. */
  output = ""
  /** Number of keys pressed so far. */
  pressed = 0
  /** What it replies to a question for its background, as `rgb:ffff/ffff/ffff`; nothing where it does not know. */
  background: string | undefined
  /** Whether it says that it has left and right margins; the emulator has none, and shows something else then. */
  saysMargins = false
  /** Milliseconds until a reply arrives, as over a slow link; undefined where it replies nothing. */
  repliesAfterMs: number | undefined = 0
  private ending: { exitCode: number; signal?: number | undefined } | undefined
  private readonly link: SlowLink | undefined
  /** Ends once everything is typed. */
  private typing: Promise<void> = Promise.resolve()

  private constructor(process: IPty, columns: number, rows: number, link: SlowLink | undefined) {
    super(columns, rows)
    this.process = process
    this.link = link
    for (const code of [0, 1, 2, 52]) {
      this.emulator.parser.registerOscHandler(code, data => {
        this.requests.push(`OSC ${code} ${data}`)
        return true
      })
    }
    this.emulator.parser.registerOscHandler(11, () => {
      if (this.background) this.reply(`\x1b]11;${this.background}\x1b\\`)
      return true
    })
    this.emulator.parser.registerCsiHandler({ prefix: "?", intermediates: "$", final: "p" }, ([mode]) => {
      const isAsked = mode === 69 && this.saysMargins
      if (isAsked) this.reply("\x1b[?69;2$y")
      return isAsked
    })
    this.emulator.onData(reply => this.reply(reply))
    const draw = (text: string) => {
      this.output += text
      this.emulator.write(text)
    }
    this.onText(text => (link ? link.receive(() => draw(text)) : draw(text)))
    process.onExit(ending => {
      this.ending = ending
    })
    onTestFinished(async () => {
      try {
        process.kill("SIGKILL")
      } catch {}
      await this.exited
      this.emulator.dispose()
    })
  }

  /** Starts the built program; `env` is all it finds in its environment beside the usual. */
  static opsdeck(argv: readonly string[], env: Environment, options: TerminalOptions = {}): Terminal {
    return Terminal.run([process.execPath, join(root, "bin/opsdeck.js"), ...argv], env, options)
  }

  static run([file, ...args]: string[], env: Environment, options: TerminalOptions = {}): Terminal {
    const { columns = 120, rows = 30, link } = options
    const home = temporaryDirectory()
    const usual = { PATH: process.env.PATH, HOME: home, TERM: "xterm-256color", LANG: "C.UTF-8" }
    const pty = spawn(file as string, args, {
      cols: columns,
      rows,
      cwd: home,
      env: withoutUndefined({ ...usual, ...env }),
      encoding: null,
    })
    return new Terminal(pty, columns, rows, link)
  }

  /** What the terminal sends by itself. */
  private reply(text: string): void {
    if (this.repliesAfterMs === undefined) return
    const send = () => this.process.write(text)
    if (this.repliesAfterMs === 0) send()
    else setTimeout(send, this.repliesAfterMs)
  }

  /** Whatever the program writes from now on, as it comes, until the function returned is called. */
  onBytes(listener: (bytes: Uint8Array) => void): () => void {
    // Without an encoding these are bytes, whatever the declaration says.
    const { dispose } = this.process.onData(data => listener(data as unknown as Uint8Array))
    return dispose
  }

  /**
   * Calls `listener` with the same, decoded. Screens are given text: from bytes xterm loses a `…` (E2 80 A6) where a chunk
   * ends after the second of them.
   */
  private onText(listener: (text: string) => void): () => void {
    const decoder = new TextDecoder()
    return this.onBytes(bytes => listener(decoder.decode(bytes, { stream: true })))
  }

  /** Begins a second screen of the same size, which sees what comes from now on; the function returned tells what is drawn there. */
  openSecond(): () => string[] {
    const second = new xterm.Terminal({ cols: this.emulator.cols, rows: this.emulator.rows, allowProposedApi: true })
    const stop = this.onText(text => second.write(text))
    onTestFinished(() => {
      stop()
      second.dispose()
    })
    return () => drawnOn(second)
  }

  async see(...what: (string | RegExp)[]): Promise<this> {
    for (const one of what) await this.wait(() => shows(this.screen, one), `did not see ${one}`)
    return this
  }

  async seeNoMore(what: string | RegExp): Promise<this> {
    await this.wait(() => !shows(this.screen, what), `still sees ${what}`)
    return this
  }

  press(...keys: string[]): this {
    for (const key of keys) this.type(KEYS[key] ?? key)
    return this
  }

  /** Types it at once; behind an Esc a moment later, since both together would be Alt. */
  type(text: string): this {
    this.pressed += Object.values(KEYS).includes(text) ? 1 : text.length
    this.typing = this.typing.then(async () => {
      // Bytes are taken as well, whatever the declaration says.
      if (this.link) void this.link.send(text, piece => this.process.write(piece as unknown as string))
      else this.process.write(text)
      if (text === KEYS.esc) await delay(AFTER_ESC_MS)
    })
    return this
  }

  /** What is typed arrives in pieces, as over a slow link: `gapMs` between them. A text is bytes as latin1. */
  async typeInPieces(gapMs: number, ...pieces: string[]): Promise<this> {
    await this.typing
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await delay(gapMs)
      // Bytes are taken as well, whatever the declaration says.
      this.process.write(Buffer.from(piece, "latin1") as unknown as string)
    }
    return this
  }

  resize(columns: number, rows: number): this {
    this.resizeUntold(columns, rows)
    this.process.resize(columns, rows)
    return this
  }

  /** Another size that the program has not heard of yet: what it draws meanwhile is for the size before. */
  resizeUntold(columns: number, rows: number): this {
    this.emulator.resize(columns, rows)
    return this
  }

  /** The device that a program has as its terminal. */
  get device(): string {
    return (this.process as IPty & { ptsName: string }).ptsName
  }

  /** How the program ended, which is waited for. */
  get exited(): Promise<{ exitCode: number; signal?: number | undefined }> {
    return until(() => this.ending).then(
      ending => ending as NonNullable<typeof ending>,
      () => Promise.reject(new Error(`did not end; the screen was:\n${this.screen}`)),
    )
  }

  /** The terminal goes away, as it does with a window that is closed or a line that drops. */
  hangUp(): void {
    ;(this.process as IPty & { destroy(): void }).destroy()
  }

  /** Waits until `condition` holds for a whole frame. */
  async wait(condition: () => boolean, complaint: string): Promise<void> {
    try {
      await until(() => !this.drawing && condition())
    } catch {
      throw new Error(`${complaint}; the screen was:\n${this.screen}`)
    }
  }
}

const withoutUndefined = (env: Environment): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))

const shows = (screen: string, what: string | RegExp) =>
  typeof what === "string" ? screen.includes(what) : what.test(screen)
