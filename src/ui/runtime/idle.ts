/** Clock of the timer; replaced in tests. */
export interface IdleClock {
  /** Milliseconds since the epoch: time that the host slept counts as idle. */
  now(): number
  /** Calls `work` after `ms`; the function returned cancels that. */
  after(ms: number, work: () => void): () => void
}

const REAL: IdleClock = {
  now: Date.now,
  after: (ms, work) => {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}

/** Idle timer: fires once after `ms` without a touch, and again only after the next touch. Disabled by 0. */
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

  /**
   * A touch does not restart the timer, which every key would do: when it fires, the time of the last touch is checked.
   */
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
