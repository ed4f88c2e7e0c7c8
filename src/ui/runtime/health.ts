import { asDeckError, type DeckError } from "../../domain/errors.ts"
import { ValueStore } from "../../domain/store.ts"
import type { Backend } from "./backend.ts"

/** Round trip to the server in ms, or why it failed; null before the first answer. */
export type PingResult = { readonly ms: number } | { readonly trouble: string } | null

export interface Health {
  readonly postgres: PingResult
  readonly redis: PingResult
}

const EVERY_MS = 5000
/** Delay of the first check, so that it does not hold up the sign-in and the first rows. */
const FIRST_AFTER_MS = 1000

/** Checks PostgreSQL and Redis every five seconds, and when an operation could not reach them. */
export class HealthMonitor {
  readonly states = new ValueStore<Health>({ postgres: null, redis: null })
  private readonly ping: Backend["ping"]
  private readonly refusal: () => string | undefined
  private readonly closing = new AbortController()
  /** Undefined during a check, before the first and after the end. */
  private timer: NodeJS.Timeout | undefined

  /**
   * `refusal` returns why Redis rejects the log's password at present. Then it is not checked: the log retries often
   * enough.
   */
  constructor(ping: Backend["ping"], refusal: () => string | undefined) {
    this.ping = ping
    this.refusal = refusal
  }

  start(): void {
    this.timer = setTimeout(() => void this.watch(), FIRST_AFTER_MS)
  }

  /** Called with every failure of an operation: an unreachable server is checked at once. */
  onFailure({ code }: DeckError): void {
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
    await Promise.all([this.check("postgres", signal), this.check("redis", signal)])
    if (!signal.aborted) this.timer = setTimeout(() => void this.watch(), EVERY_MS)
  }

  private async check(name: keyof Health, signal: AbortSignal): Promise<void> {
    const refusal = name === "redis" ? this.refusal() : undefined
    const result = refusal === undefined ? await this.pulse(name, signal) : { trouble: refusal }
    this.states.set({ ...this.states.snapshot, [name]: result })
  }

  private pulse(name: keyof Health, signal: AbortSignal): Promise<PingResult> {
    return this.ping(name, signal).then(
      ms => ({ ms }),
      error => ({ trouble: asDeckError(error).message }),
    )
  }
}
