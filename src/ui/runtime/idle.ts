/** What the timer is told the time by; another one in tests. */
export interface IdleClock {
  /** Milliseconds since the epoch: a host that slept was left alone meanwhile. */
  now(): number
  /** Calls `work` in so many ms; what it answers calls that off. */
  after(ms: number, work: () => void): () => void
}

const REAL: IdleClock = {
  now: Date.now,
  after: (ms, work) => {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}

/** Rings once when nothing was touched for so many ms; the next touch winds it up again. Never, where that is 0. */
export class Idle {
  private readonly ms: number
  private readonly ring: () => void
  private readonly clock: IdleClock
  private touchedAt: number
  private callOff: (() => void) | undefined

  constructor(ms: number, ring: () => void, clock = REAL) {
    this.ms = ms
    this.ring = ring
    this.clock = clock
    this.touchedAt = clock.now()
    this.wind()
  }

  touch(): void {
    const last = this.touchedAt
    this.touchedAt = this.clock.now()
    if (this.callOff === undefined) this.wind()
    else if (this.touchedAt - last >= this.ms) this.ring()
  }

  stop(): void {
    this.callOff?.()
  }

  /** A touch does not wind it anew, or every key would: when it is time, it looks whether something was touched since. */
  private wind(): void {
    if (this.ms === 0) return
    const now = this.clock.now()
    this.touchedAt = Math.min(this.touchedAt, now) // The clock may have been set back.
    const left = this.touchedAt + this.ms - now
    this.callOff = this.clock.after(Math.max(0, left), () => {
      this.callOff = undefined
      if (this.clock.now() - this.touchedAt < this.ms) return this.wind()
      this.ring()
    })
  }
}
