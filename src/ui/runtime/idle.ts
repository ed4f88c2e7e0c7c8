import { uptime } from "node:os"

/** Clock of the timer; replaced in tests. */
export interface IdleClock {
  /** Milliseconds since any moment. It is never set; time that the host slept counts as idle. */
  now(): number
  /** Calls `work` after `ms`; the function returned cancels that. */
  after(ms: number, work: () => void): () => void
}

const REAL: IdleClock = {
  now: () => uptime() * 1000,
  after: (ms, work) => {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}

/** Idle timer: fires once after `ms` without a touch, and again only after the next touch. Disabled by 0. */
export class IdleTimer {
  private readonly ms: number
  private readonly onIdle: () => void
  private readonly onReturn: () => void
  private readonly clock: IdleClock
  private touchedAt: number
  private cancel: (() => void) | undefined

  /** `onReturn` is called with the first touch after an idle time. */
  constructor(ms: number, onIdle: () => void, onReturn: () => void, clock = REAL) {
    this.ms = ms
    this.onIdle = onIdle
    this.onReturn = onReturn
    this.clock = clock
    this.touchedAt = clock.now()
    this.schedule()
  }

  touch(): void {
    const last = this.touchedAt
    this.touchedAt = this.clock.now()
    const hasFired = this.cancel === undefined
    const isLate = !hasFired && this.touchedAt - last >= this.ms
    if (hasFired) this.schedule()
    if (isLate) this.onIdle()
    if (hasFired || isLate) this.onReturn()
  }

  stop(): void {
    this.cancel?.()
  }

  /**
   * A touch does not restart the timer, which every key would do: when it fires, the time of the last touch is checked.
   */
  private schedule(): void {
    if (this.ms === 0) return
    const now = this.clock.now()
    this.touchedAt = Math.min(this.touchedAt, now) // The clock may have been set back.
    const left = this.touchedAt + this.ms - now
    this.cancel = this.clock.after(Math.max(0, left), () => {
      this.cancel = undefined
      if (this.clock.now() - this.touchedAt < this.ms) return this.schedule()
      this.onIdle()
    })
  }
}
