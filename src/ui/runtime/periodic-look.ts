import type { QueuePulse } from "../../domain/queue.ts"
import { untilNextLook } from "../../domain/queue.ts"
import type { RecorderPulse } from "../../domain/record-status.ts"
import { ValueStore } from "../../domain/store.ts"

/** Looks at something every five seconds while the console is open; never again where there is nothing to look at. */
export class PeriodicLook<Seen> {
  /** What was seen last; null where there is nothing to look at, undefined before the first look and where it failed. */
  readonly states = new ValueStore<Seen | null | undefined>(undefined)
  private readonly read: (signal: AbortSignal) => Promise<Seen | null | undefined>
  private readonly closing = new AbortController()
  private timer: NodeJS.Timeout | undefined

  /** `read` answers null where it is not to be called again. It rejects, or answers undefined, where it cannot tell now. */
  constructor(read: (signal: AbortSignal) => Promise<Seen | null | undefined>) {
    this.read = read
  }

  start(): void {
    this.timer = setTimeout(() => void this.look(), 0)
  }

  close(): void {
    this.closing.abort()
    clearTimeout(this.timer)
  }

  private async look(): Promise<void> {
    const { signal } = this.closing
    const began = performance.now()
    const seen = await this.read(signal).catch(() => undefined)
    if (signal.aborted) return
    this.states.set(seen)
    if (seen === null) return
    const tookMs = performance.now() - began
    this.timer = setTimeout(() => void this.look(), untilNextLook(tookMs))
  }
}

/** The platform's queue; null where it keeps none. */
export type QueueWatch = PeriodicLook<QueuePulse>
/** The recorder of the log; undefined as long as there is no history, null where there is to be none. */
export type RecorderWatch = PeriodicLook<RecorderPulse>
