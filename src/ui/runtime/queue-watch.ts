import type { QueuePulse } from "../../domain/queue.ts"
import { ValueStore } from "../../domain/store.ts"

const EVERY_MS = 5000
/** Looking takes at most this part of the time, where the table of jobs is large. */
const ONE_PART_IN = 20

/** Looks at the platform's queue every five seconds while the console is open; never where the platform keeps none. */
export class QueueWatch {
  /** The newest figures; undefined before the first, where there are none, and where they could not be read. */
  readonly states = new ValueStore<QueuePulse | undefined>(undefined)
  private readonly read: (signal: AbortSignal) => Promise<QueuePulse | null>
  private readonly everyMs: number
  private readonly closing = new AbortController()
  private timer: NodeJS.Timeout | undefined

  /** `read` answers null where there is no queue: then it is not called again. It rejects where it cannot tell now. */
  constructor(read: (signal: AbortSignal) => Promise<QueuePulse | null>, everyMs = EVERY_MS) {
    this.read = read
    this.everyMs = everyMs
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
    const pulse = await this.read(signal).catch(() => undefined)
    if (signal.aborted) return
    this.set(pulse ?? undefined)
    if (pulse === null) return
    const tookMs = performance.now() - began
    this.timer = setTimeout(() => void this.look(), Math.max(this.everyMs, ONE_PART_IN * tookMs))
  }

  /** Draws nothing anew while nobody has a queue. */
  private set(pulse: QueuePulse | undefined): void {
    if (pulse !== this.states.snapshot) this.states.set(pulse)
  }
}
