import { ESCAPE_DELAY_MS } from "../../config.ts"
import { InputTokenizer } from "./input-tokenizer.ts"
import { keyNames } from "./key-names.ts"
import { type MouseInput, mouseInput } from "./mouse.ts"

/** What somebody did at the terminal: a key by its name, a paste, or something with the mouse. */
export type TerminalEvent = string | { readonly pasted: string } | MouseInput

interface InputOptions {
  /** Longest time to wait for the rest of an escape sequence, in milliseconds; undefined: that of a remote terminal, until `replied`. */
  readonly escapeDelayMs: number | undefined
  /** Whether reports of the mouse count. */
  readonly mouse: boolean
}

/** A terminal that replies within this time, in milliseconds, is local. */
const REPLIES_WITHIN_MS = 50

/** The console's input: what arrives from the terminal, as events for one listener, those of a read together. Without one they wait. */
export class TerminalInput {
  private readonly tokenizer: InputTokenizer
  private readonly touched: () => void
  private readonly learnsDelay: boolean
  private listener: ((events: readonly TerminalEvent[]) => void) | undefined
  private waiting: TerminalEvent[] = []
  private hearReply: ((reply: string) => void) | undefined

  /** `touched` is called whenever somebody did something: a terminal sends replies by itself. */
  constructor({ escapeDelayMs, mouse }: InputOptions, touched: () => void = () => {}) {
    this.touched = touched
    this.learnsDelay = escapeDelayMs === undefined
    this.tokenizer = new InputTokenizer(escapeDelayMs ?? ESCAPE_DELAY_MS.remote, tokens => {
      for (const token of tokens) {
        if (token.kind === "reply") this.hearReply?.(token.text)
        else if (token.kind === "sequence") this.hearReply?.(token.sequence)
      }
      this.tell(
        tokens.flatMap((token): readonly TerminalEvent[] => {
          if (token.kind === "paste") return [{ pasted: token.text }]
          const pointing = mouse && token.kind === "sequence" ? mouseInput(token.sequence) : undefined
          return pointing ? [pointing] : keyNames(token)
        }),
      )
    })
  }

  private tell(events: readonly TerminalEvent[]): void {
    if (events.length === 0) return
    this.touched()
    if (this.listener) this.listener(events)
    else this.waiting = this.waiting.concat(events)
  }

  /** Takes one read of the terminal. */
  take(bytes: Buffer): void {
    this.tokenizer.take(bytes)
  }

  /** Ends the wait for the rest of what has begun. */
  flush(): void {
    this.tokenizer.flush()
  }

  /** Learns in how many milliseconds the terminal replied to a question; returns whether it is settled how long to wait. */
  replied(ms: number): boolean {
    const isLocal = ms < REPLIES_WITHIN_MS
    if (this.learnsDelay && isLocal) this.tokenizer.escapeDelayMs = ESCAPE_DELAY_MS.local
    return !this.learnsDelay || isLocal
  }

  /**
   * Sets the only listener for replies of the terminal, texts and sequences, among which keys stand too: they are for whoever
   * asked. The function returned removes it.
   */
  listenForReplies(hear: (reply: string) => void): () => void {
    this.hearReply = hear
    return () => {
      this.hearReply = undefined
    }
  }

  /** Sets the only listener; the function returned removes it. */
  listen(listener: (events: readonly TerminalEvent[]) => void): () => void {
    this.listener = listener
    const { waiting } = this
    this.waiting = []
    if (waiting.length > 0) listener(waiting)
    return () => {
      if (this.listener === listener) this.listener = undefined
    }
  }
}

/** Reads `terminal` into `input`, and returns what Ink takes for its standard input: there it only sets raw mode. */
export function readTerminal(terminal: NodeJS.ReadStream, input: TerminalInput): NodeJS.ReadStream {
  terminal.on("data", (bytes: Buffer) => input.take(bytes))
  const silent = {
    isTTY: true,
    setRawMode: (raw: boolean) => void terminal.setRawMode(raw),
    ref: () => void terminal.ref(),
    unref: () => void terminal.unref(),
    setEncoding: () => {},
    addListener: () => {},
    removeListener: () => {},
    read: () => null,
  }
  return silent as unknown as NodeJS.ReadStream
}
