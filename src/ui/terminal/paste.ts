const LIMIT = 1024 * 1024

/** Paste that is under way, cut to 1 MB; bytes as latin1. Of a late one the beginning was handed on, and the rest is dropped. */
export class Paste {
  readonly isLate: boolean
  private readonly pieces: string[] = []
  private length = 0

  constructor(isLate: boolean) {
    this.isLate = isLate
  }

  add(bytes: string): void {
    if (this.isLate) return
    this.pieces.push(bytes.slice(0, Math.max(0, LIMIT - this.length)))
    this.length += bytes.length
  }

  get bytes(): string {
    return this.pieces.join("")
  }
}
