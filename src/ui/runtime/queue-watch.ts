import { type QueuePulse, untilNextLook } from "../../domain/queue.ts"
import { ValueStore } from "../../domain/store.ts"

/** Looks at the platform's queue every five seconds while the console is open; never where the platform keeps none. */
export class QueueWatch {
  /** The newest figures; null where there is no queue, undefined before the first and where they could not be read. */
  readonly states = new ValueStore<QueuePulse | null | undefined>(undefined)
  private readonly read: (signal: AbortSignal) => Promise<QueuePulse | null>
  private readonly closing = new AbortController()
  private timer: NodeJS.Timeout | undefined

  /** `read` answers null where there is no queue: then it is not called again. It rejects where it cannot tell now. */
  constructor(read: (signal: AbortSignal) => Promise<QueuePulse | null>) {
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
    const pulse = await this.read(signal).catch(() => undefined)
    if (signal.aborted) return
    this.states.set(pulse)
    if (pulse === null) return
    const tookMs = performance.now() - began
    this.timer = setTimeout(() => void this.look(), untilNextLook(tookMs))
  }
}
