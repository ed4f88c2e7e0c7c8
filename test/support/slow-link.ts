import { setTimeout as delay } from "node:timers/promises"

const ESC = 0x1b

/** A link between a keyboard and a program that is late each way, and on which a key of several bytes arrives in pieces. */
export class SlowLink {
  private readonly delayMs: number
  private readonly gapMs: number
  private last: Promise<void> = Promise.resolve()

  /** `delayMs` is the delay each way, `gapMs` what lies between the bytes of a key. */
  constructor(delayMs: number, gapMs: number) {
    this.delayMs = delayMs
    this.gapMs = gapMs
  }

  /** Passes what is typed on to `write`, behind what was typed before; resolves once it has arrived. */
  send(text: string, write: (piece: Buffer) => void): Promise<void> {
    const arrivesAt = performance.now() + this.delayMs
    const bytes = Buffer.from(text)
    const isKey = bytes[0] === ESC || bytes.length > text.length
    const pieces = isKey ? Array.from(bytes, byte => Buffer.from([byte])) : [bytes]
    this.last = this.last.then(async () => {
      await delay(Math.max(0, arrivesAt - performance.now()))
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) await delay(this.gapMs)
        write(piece)
      }
    })
    return this.last
  }

  /** Passes output on, in its order. */
  receive(take: () => void): void {
    setTimeout(take, this.delayMs)
  }
}
