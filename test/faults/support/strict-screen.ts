import { eastAsianWidth } from "get-east-asian-width"

/**
 * What the console may ask of a terminal: the cursor, erasing, scrolling, styles, modes that it switches off again, which
 * background it has, and whether it has margins.
 */
const ALLOWED =
  /^\x1b\[(?:(?:\d+(?:;\d+)?)?H|2?J|K|\d+[CLM]|(?:\d+;\d+)?r|[\d;]*m|\?(?:7|25|1000|1006|1049|2004|2026)[hl]|\?69\$p|c)$|^\x1b\]11;\?\x1b\\$/
const TOKEN = /(\x1b\[[\x20-\x3f]*[\x40-\x7e]|\x1b\]11;\?\x1b\\)|(\r|\n)|([^\x00-\x1f\x7f-\x9f\x1b]+)/y
const BEGINNING = /^\x1b(?:\[[\x20-\x3f]*|\](?:1(?:1(?:;(?:\?\x1b?)?)?)?)?)?$/
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u
const ASCII = /^[\x20-\x7e]*$/
const CURSOR = /^\x1b\[(?:\d+(?:;(\d+))?)?H$/
const FORWARD = /^\x1b\[(\d+)C$/
const SHOWN_AT_MOST = 40

/**
 * Reads every byte that a program writes, and refuses whatever is neither text that can be seen nor one of the sequences
 * that the console is made of: no title, no clipboard, no bell, no other state of the terminal, and no text that goes
 * beyond the last column.
 */
export class StrictScreen {
  /** What had to be refused first. */
  refused: string | undefined
  lines = 0
  bytes = 0
  private readonly columns: number
  private readonly decoder = new TextDecoder("utf-8", { fatal: true })
  private column = 0
  private rest = ""

  constructor(columns: number) {
    this.columns = columns
  }

  /** Throws for bytes that may not be written, UTF-8 that is none among them. */
  take(bytes: Uint8Array): void {
    this.bytes += bytes.length
    const text = this.rest + this.decoder.decode(bytes, { stream: true })
    this.rest = ""
    for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length; ) {
      const at = TOKEN.lastIndex
      const [, sequence, move, written] = TOKEN.exec(text) ?? []
      if (sequence !== undefined) this.obey(sequence)
      else if (move !== undefined) this.move(move)
      else if (written !== undefined) this.write(written)
      else {
        this.rest = text.slice(at)
        if (!BEGINNING.test(this.rest)) throw new Error(`not to be written: ${quoted(this.rest)}`)
        return
      }
    }
  }

  private obey(sequence: string): void {
    if (!ALLOWED.test(sequence)) throw new Error(`not one of the console's sequences: ${quoted(sequence)}`)
    const cursor = CURSOR.exec(sequence)
    if (cursor) this.column = Number(cursor[1] ?? 1) - 1
    this.column += Number(FORWARD.exec(sequence)?.[1] ?? 0)
  }

  private move(to: string): void {
    if (to === "\r") this.column = 0
    else this.lines++
  }

  private write(text: string): void {
    if (INVISIBLE.test(text)) throw new Error(`not to be seen: ${quoted(text)}`)
    this.column += widthOf(text)
    if (this.column > this.columns) throw new Error(`beyond column ${this.columns}: ${quoted(text)}`)
  }
}

function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length
  let columns = 0
  for (const character of text) {
    if (!/\p{Mn}/u.test(character)) columns += eastAsianWidth(character.codePointAt(0) as number)
  }
  return columns
}

const quoted = (text: string) => JSON.stringify(text.slice(0, SHOWN_AT_MOST))
