import { StringDecoder } from "node:string_decoder"
import {
  ALT,
  BEGINNING,
  decoded,
  ESC,
  ESC_AND_REPORT,
  INTERRUPT,
  matchAt,
  OLD_REPORT,
  ONE_KEY,
  PASTE_BEGINS,
  PASTE_ENDS,
  REPLY_BEGINS,
  REPLY_ENDS,
  SEQUENCE,
  ST,
} from "./escape-sequences.ts"
import { Paste } from "./paste.ts"

/** Piece of input, whole. */
export type InputToken =
  /** Characters as typed, control characters included; Esc alone is one of them. */
  | { readonly kind: "text"; readonly text: string }
  /** One character typed with Alt: it came in one read with an ESC before it. */
  | { readonly kind: "alt"; readonly text: string }
  /** Escape sequence, CSI or SS3, from its ESC to its final character; of a key, of the mouse, or a reply. */
  | { readonly kind: "sequence"; readonly sequence: string }
  | { readonly kind: "paste"; readonly text: string }
  /** Reply of the terminal that is a text (OSC, DCS or APC), without its terminator. */
  | { readonly kind: "reply"; readonly text: string }

/** Longest sequence that is waited for, and most of a reply that is kept. */
const LONGEST = 1000
/** Longest pause within a paste or a reply, also over a slow link. */
const PAUSE_MS = 2000

/**
 * Makes whole pieces of what a terminal sends, in whatever pieces it arrives: a sequence whose rest has not come waits
 * for it, `escapeDelayMs` at the longest. Old reports of the mouse and replies that are cut off are dropped, within pastes
 * all sequences are. A paste that does not end is handed on after a pause, cut to 1 MB, or at Ctrl-C. What a slow link
 * brings of it after that pause is dropped until its end or a key: a read of one key, behind which nothing comes for
 * `escapeDelayMs`. Bytes stand in strings as latin1 until they are known to be text: reports are bytes, not UTF-8.
 */
export class InputTokenizer {
  escapeDelayMs: number
  private readonly handOn: (tokens: readonly InputToken[]) => void
  private tokens: InputToken[] = []
  private readonly decoder = new StringDecoder("utf8")
  /** Beginning of a sequence. */
  private held = ""
  /** Whether the ESC of `held` was the last byte of its read: the Esc key, unless a sequence follows. */
  private heldAlone = false
  /** Where in the text at hand the last read begins. */
  private readAt = 0
  private paste: Paste | undefined
  /** Read within a paste that is a key, unless more follows at once. */
  private lone = ""
  /** Beginning of a reply. */
  private reply: string | undefined
  private timer: NodeJS.Timeout | undefined
  private turn: NodeJS.Immediate | undefined

  /** `handOn` is called with the tokens of each read, if there are any. */
  constructor(escapeDelayMs: number, handOn: (tokens: readonly InputToken[]) => void) {
    this.escapeDelayMs = escapeDelayMs
    this.handOn = handOn
  }

  /** Takes one read. */
  take(bytes: Buffer): void {
    clearTimeout(this.timer)
    clearImmediate(this.turn)
    const chunk = this.lone + bytes.toString("latin1")
    const waits = this.paste !== undefined && this.lone === "" && this.isKey(chunk)
    this.lone = waits ? chunk : ""
    if (!waits) this.read(chunk)
    this.wait()
    this.end()
  }

  private read(chunk: string): void {
    if (this.isWithin && INTERRUPT.test(chunk)) this.finish()
    const text = this.held + chunk
    this.readAt = this.held.length
    this.held = ""
    for (let at = 0; at < text.length; )
      at = this.reply === undefined ? this.next(text, at) : this.takeReply(this.reply, text, at)
  }

  /** Whether a read within a paste may be a key. */
  private isKey(chunk: string): boolean {
    return INTERRUPT.test(chunk) || (this.paste?.isLate === true && ONE_KEY.test(chunk))
  }

  /** Ends the wait for the rest of what has begun: a sequence, a paste or a reply. */
  flush(): void {
    const { lone } = this
    this.lone = ""
    if (lone !== "") {
      this.finish()
      this.read(lone)
    } else if (this.isWithin) this.pause()
    const { held } = this
    this.held = ""
    if (held !== "") this.giveUp(held, this.heldAlone)
    this.end()
  }

  private emit(token: InputToken): void {
    this.tokens.push(token)
  }

  /** Ends a read. */
  private end(): void {
    const { tokens } = this
    this.tokens = []
    if (tokens.length > 0) this.handOn(tokens)
  }

  /** Whether a paste or a reply is under way. */
  private get isWithin(): boolean {
    return this.paste !== undefined || this.reply !== undefined
  }

  private wait(): void {
    if (!this.isWithin && this.held === "") return
    if (this.paste?.isLate && this.lone === "") return
    this.timer = setTimeout(
      // What has arrived while the program was busy is read before the wait ends.
      () => {
        this.turn = setImmediate(() => this.flush())
      },
      this.isWithin && this.lone === "" ? PAUSE_MS : this.escapeDelayMs,
    )
  }

  /** Whether the ESC at `at` was the last byte of its read. */
  private isAlone(at: number): boolean {
    return at + 1 === this.readAt || (at === 0 && this.readAt > 1 && this.heldAlone)
  }

  /** Handles what is at `at`, and returns where it ends. */
  private next(text: string, at: number): number {
    const start = text.indexOf(ESC, at)
    if (start !== at) {
      const end = start < 0 ? text.length : start
      this.plain(text.slice(at, end))
      return end
    }
    const report = matchAt(OLD_REPORT, text, at)
    if (report !== undefined) return at + report.length
    const beginning = matchAt(BEGINNING, text, at) as string
    const sequence = beginning.startsWith("\x1b[M") ? undefined : matchAt(SEQUENCE, text, at)
    if (sequence !== undefined) {
      this.sequence(sequence)
      return at + sequence.length
    }
    const reply = matchAt(REPLY_BEGINS, text, at)
    if (reply !== undefined) {
      this.reply = reply
      return at + reply.length
    }
    if (at + beginning.length < text.length || beginning.length > LONGEST) return at + this.broken(text, at, beginning)
    this.heldAlone = this.isAlone(at)
    this.held = beginning
    return text.length
  }

  /** Handles the ESC at `at`, which begins no sequence; returns the length of what is handled. */
  private broken(text: string, at: number, beginning: string): number {
    const alone = this.isAlone(at)
    const typed = matchAt(ALT, text, at)
    if (typed === undefined || typed[1] === ESC || beginning.length > typed.length) {
      this.giveUp(beginning[1] === ESC ? ESC : beginning, alone)
      return beginning[1] === ESC ? 1 : beginning.length
    }
    if (this.paste) return 1
    if (alone) {
      this.plain(ESC)
      return 1
    }
    this.emit({ kind: "alt", text: decoded(typed.slice(1)) })
    return typed.length
  }

  /** The rest of a sequence never came: it was Esc, Esc and a character, or Alt with one; else nothing. */
  private giveUp(beginning: string, alone: boolean): void {
    if (this.paste) return
    if (/^\x1b+$/.test(beginning) || (alone && beginning.length === 2)) this.plain(beginning)
    else if (beginning.length === 2) this.emit({ kind: "alt", text: decoded(beginning.slice(1)) })
  }

  private plain(bytes: string): void {
    if (this.paste) {
      this.paste.add(bytes)
      return
    }
    const text = this.decoder.write(Buffer.from(bytes, "latin1"))
    if (text !== "") this.emit({ kind: "text", text })
  }

  private sequence(sequence: string): void {
    if (sequence === ESC + PASTE_BEGINS || sequence === ESC + PASTE_ENDS || ESC_AND_REPORT.test(sequence)) {
      if (!this.paste) this.plain(ESC)
      this.sequence(sequence.slice(1))
    } else if (sequence === PASTE_ENDS) this.endPaste()
    else if (sequence === PASTE_BEGINS) this.paste = this.paste?.isLate === false ? this.paste : new Paste(false)
    else if (!this.paste) this.emit({ kind: "sequence", sequence })
  }

  /** Goes on with the reply that began with `begun`, and returns where it ends in `text`. */
  private takeReply(begun: string, text: string, at: number): number {
    REPLY_ENDS.lastIndex = at
    const end = REPLY_ENDS.exec(text)?.index ?? text.length
    const reply = (begun + text.slice(at, end)).slice(0, LONGEST)
    this.reply = reply
    if (end === text.length) return end
    if (text[end] === ESC && end + 1 === text.length) {
      this.held = ESC
      return text.length
    }
    this.reply = undefined
    const terminator = ["\x07", ST].find(one => text.startsWith(one, end))
    if (terminator !== undefined && !this.paste) this.emit({ kind: "reply", text: reply })
    return end + (terminator?.length ?? 0)
  }

  /** Ends a paste and a reply; the half of a sequence within is no key. */
  private finish(): void {
    this.reply = undefined
    if (this.paste) this.held = ""
    this.endPaste()
  }

  /** Ends a reply, and hands on a paste, whose end may yet come. */
  private pause(): void {
    const { paste } = this
    this.finish()
    if (paste) this.paste = new Paste(true)
  }

  private endPaste(): void {
    const { paste } = this
    this.paste = undefined
    if (paste && !paste.isLate) this.emit({ kind: "paste", text: decoded(paste.bytes) })
  }
}
