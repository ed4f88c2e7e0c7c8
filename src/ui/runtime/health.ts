import { asDeckError, type DeckError } from "../../domain/errors.ts"
import { ValueStore } from "../../domain/store.ts"
import type { Backend } from "./backend.ts"

/** How long the server took to answer, in ms, or why it did not; null before the first answer. */
export type Pulse = { readonly ms: number } | { readonly trouble: string } | null

export interface Health {
  readonly postgres: Pulse
  readonly redis: Pulse
}

const EVERY_MS = 5000
/** The first time, so that asking does not hold up the sign-in and the first rows. */
const FIRST_AFTER_MS = 1000

/** Asks PostgreSQL and Redis whether they are there: every five seconds, and when an operation did not reach them. */
export class HealthMonitor {
  readonly states = new ValueStore<Health>({ postgres: null, redis: null })
  private readonly ping: Backend["ping"]
  private readonly refusal: () => string | undefined
  private readonly closing = new AbortController()
  /** Undefined while it is asking, before it begins and after the end. */
  private timer: NodeJS.Timeout | undefined

  /** `refusal`: why Redis refuses the log's password just now. Then it is not asked: one of us tries that often enough. */
  constructor(ping: Backend["ping"], refusal: () => string | undefined) {
    this.ping = ping
    this.refusal = refusal
  }

  start(): void {
    this.timer = setTimeout(() => void this.watch(), FIRST_AFTER_MS)
  }

  /** Is told of every operation that fails: where a server was out of reach, it asks at once and not in five seconds. */
  heard({ code }: DeckError): void {
    if (code !== "unavailable" || this.timer === undefined) return
    clearTimeout(this.timer)
    void this.watch()
  }

  close(): void {
    this.closing.abort()
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private async watch(): Promise<void> {
    this.timer = undefined
    const signal = this.closing.signal
    await Promise.all([this.ask("postgres", signal), this.ask("redis", signal)])
    if (!signal.aborted) this.timer = setTimeout(() => void this.watch(), EVERY_MS)
  }

  private async ask(name: keyof Health, signal: AbortSignal): Promise<void> {
    const refusal = name === "redis" ? this.refusal() : undefined
    const pulse = refusal === undefined ? await this.pulse(name, signal) : { trouble: refusal }
    this.states.set({ ...this.states.snapshot, [name]: pulse })
  }

  private pulse(name: keyof Health, signal: AbortSignal): Promise<Pulse> {
    return this.ping(name, signal).then(
      ms => ({ ms }),
      error => ({ trouble: asDeckError(error).message }),
    )
  }
}
