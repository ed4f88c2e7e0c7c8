import { areOneDatabase } from "../../adapters/redis/endpoint.ts"
import type { Config } from "../../config.ts"
import { asDeckError, type DeckError } from "../../domain/errors.ts"
import { type Shown, shown } from "../../domain/safe-text.ts"
import { ValueStore } from "../../domain/store.ts"
import type { Backend, StoreName } from "./backend.ts"

/** Round trip to the server in ms, or why it failed; null before the first answer. */
export type PingResult = { readonly ms: number } | { readonly trouble: string } | null

/** A store that is checked by itself, and what it is called. */
export interface Dependency {
  readonly store: StoreName
  /** On the top line. */
  readonly mark: Shown
  /** In a sentence. */
  readonly name: string
  readonly pulse: PingResult
}

export type Health = readonly Dependency[]

/** What this platform depends on: the two databases of Redis are one where they are the same database of one server. */
export function dependenciesOf({ api, gateways: [{ redis: gateway }] }: Config["redis"]): Health {
  const of = (store: StoreName, mark: Shown, name: string): Dependency => ({ store, mark, name, pulse: null })
  return [
    of("postgres", shown`pg`, "PostgreSQL"),
    ...(areOneDatabase(api, gateway)
      ? [of("gateway", shown`redis`, "Redis")]
      : [of("api", shown`redis api`, "API Redis"), of("gateway", shown`redis gw`, "gateway Redis")]),
  ]
}

const EVERY_MS = 5000
/** Delay of the first check, so that it does not hold up the sign-in and the first rows. */
const FIRST_AFTER_MS = 1000

/** Checks each dependency every five seconds, and when an operation could not reach one. */
export class HealthMonitor {
  readonly states: ValueStore<Health>
  private readonly ping: Backend["ping"]
  private readonly refusal: () => string | undefined
  private readonly closing = new AbortController()
  /** Undefined during a check, before the first and after the end. */
  private timer: NodeJS.Timeout | undefined

  /**
   * `refusal` returns why the gateway's Redis rejects the log's password at present. Then it is not checked: the log
   * retries often enough.
   */
  constructor(dependencies: Health, ping: Backend["ping"], refusal: () => string | undefined) {
    this.states = new ValueStore(dependencies)
    this.ping = ping
    this.refusal = refusal
  }

  start(): void {
    this.timer = setTimeout(() => void this.watch(), FIRST_AFTER_MS)
  }

  /** Called with every failure of an operation: an unreachable server is checked at once. */
  onFailure({ code }: DeckError): void {
    if (code === "unavailable") this.look()
  }

  /** Checks at once, unless a check is under way. */
  look(): void {
    if (this.timer === undefined) return
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
    await Promise.all(this.states.snapshot.map(({ store }) => this.check(store, signal)))
    if (!signal.aborted) this.timer = setTimeout(() => void this.watch(), EVERY_MS)
  }

  private async check(store: StoreName, signal: AbortSignal): Promise<void> {
    const refusal = store === "gateway" ? this.refusal() : undefined
    const pulse = refusal === undefined ? await this.pulse(store, signal) : { trouble: refusal }
    this.states.set(this.states.snapshot.map(one => (one.store === store ? { ...one, pulse } : one)))
  }

  private pulse(store: StoreName, signal: AbortSignal): Promise<PingResult> {
    return this.ping(store, signal).then(
      ms => ({ ms }),
      error => ({ trouble: asDeckError(error).message }),
    )
  }
}
