import { areOneDatabase, areOneServer } from "../../adapters/redis/endpoint.ts"
import type { Config } from "../../config.ts"
import { asDeckError, type DeckError } from "../../domain/errors.ts"
import { type Shown, show, shown, withoutMiddle } from "../../domain/safe-text.ts"
import { ValueStore } from "../../domain/store.ts"
import { IN_BRIEF, ofGateways } from "../../services/gateway-names.ts"
import { gatewaysTogether } from "../../services/redis-database.ts"
import { passwordRefusal } from "../../tail/link.ts"
import type { TailSnapshot } from "../../tail/protocol.ts"
import type { Backend, StoreName } from "./backend.ts"

/** Round trip to the server in ms, or why it failed; null before the first answer. */
export type PingResult = { readonly ms: number } | { readonly trouble: string } | null

/** A store that is checked by itself, and what it is called. */
export interface Dependency {
  readonly store: StoreName
  /** Names of the gateways that it is the Redis of; empty that of the one that nobody named. */
  readonly gateways: readonly string[]
  /** Names of the gateways whose Redis is the same server for the same account: what rejects the password there does so here. */
  readonly rejectsWith: readonly string[]
  /** On the top line. */
  readonly mark: Shown
  /** In a sentence. */
  readonly name: string
  readonly pulse: PingResult
}

export type Health = readonly Dependency[]

/** What this platform depends on: databases of Redis are one where they are the same database of one server. */
export function dependenciesOf({ api, gateways }: Config["redis"]): Health {
  const of = (store: StoreName, mark: Shown, name: string, names: readonly string[] = []): Dependency => ({
    ...{ store, gateways: names, rejectsWith: names, mark, name, pulse: null },
  })
  const postgres = of("postgres", shown`pg`, "PostgreSQL")
  const databases = gatewaysTogether(gateways, areOneDatabase).map(those => those.map(({ name }) => name))
  const isOne = databases.length === 1
  if (isOne && areOneDatabase(api, gateways[0].redis))
    return [postgres, of("gateway", shown`redis`, "Redis", databases[0])]
  return [
    postgres,
    {
      ...of("api", shown`redis api`, "API Redis"),
      rejectsWith: gateways.filter(({ redis }) => areOneServer(api, redis)).map(({ name }) => name),
    },
    ...databases.map(names =>
      of("gateway", GATEWAYS, `gateway Redis${isOne ? "" : ofGateways(names, IN_BRIEF)}`, names),
    ),
  ]
}

/** The mark of all gateways. */
const GATEWAYS = shown`redis gw`
/** Columns of a gateway's name in a mark. */
const NAME_COLUMNS = 12

/** Tells whether the last check failed. */
export const isDown = ({ pulse }: Pick<Dependency, "pulse">): boolean => pulse !== null && "trouble" in pulse

/** The dependencies as one line has room for them: several gateways are one, as bad as the worst, and named while it is down. */
export function inBrief(health: Health): Health {
  const gateways = health.filter(({ store }) => store === "gateway")
  const [first, ...more] = gateways
  if (first === undefined || more.length === 0) return health
  return [...health.filter(({ store }) => store !== "gateway"), { ...first, ...worstOf(gateways) }]
}

function worstOf(gateways: Health): Pick<Dependency, "mark" | "name" | "pulse"> {
  const down = gateways.filter(isDown)
  const names = down.flatMap(one => one.gateways)
  const all = { mark: GATEWAYS, name: "gateway Redis" }
  if (down.length === gateways.length) return { ...all, pulse: down[0]?.pulse ?? null }
  const [name, ...others] = names
  if (name === undefined) return { ...all, pulse: slowestOf(gateways) }
  const more = others.length === 0 ? shown`` : shown` +${others.length}`
  return {
    mark: shown`redis ${withoutMiddle(show(name), NAME_COLUMNS)}${more}`,
    name: `gateway Redis${ofGateways(names, IN_BRIEF)}`,
    pulse: down[0]?.pulse ?? null,
  }
}

/** Of those that answer the slowest; null while one was not heard of. */
function slowestOf(gateways: Health): PingResult {
  const times = gateways.map(({ pulse }) => (pulse !== null && "ms" in pulse ? pulse.ms : undefined))
  return times.some(ms => ms === undefined) ? null : { ms: Math.max(...times.filter(ms => ms !== undefined)) }
}

/** Why the Redis of any of these gateways rejects the log's password at present, if it does. */
export function refusalIn(
  log: Pick<TailSnapshot, "link" | "gateways"> | null,
  names: readonly string[],
): string | undefined {
  const several = log?.gateways ?? []
  const links =
    several.length === 0 ? [log?.link] : several.filter(one => names.includes(one.gateway)).map(one => one.link)
  return links.map(passwordRefusal).find(refusal => refusal !== undefined)
}

const EVERY_MS = 5000
/** Delay of the first check, so that it does not hold up the sign-in and the first rows. */
const FIRST_AFTER_MS = 1000

/** Checks each dependency every five seconds, and when an operation could not reach one. */
export class HealthMonitor {
  readonly states: ValueStore<Health>
  private readonly ping: Backend["ping"]
  private readonly refusal: (gateways: readonly string[]) => string | undefined
  private readonly closing = new AbortController()
  /** Undefined during a check, before the first and after the end. */
  private timer: NodeJS.Timeout | undefined

  /**
   * `refusal` returns why the Redis of these gateways rejects the log's password at present. Then it is not checked: the
   * log retries often enough.
   */
  constructor(
    dependencies: Health,
    ping: Backend["ping"],
    refusal: (gateways: readonly string[]) => string | undefined,
  ) {
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
    await Promise.all(this.states.snapshot.map((dependency, index) => this.check(dependency, index, signal)))
    if (!signal.aborted) this.timer = setTimeout(() => void this.watch(), EVERY_MS)
  }

  private async check(dependency: Dependency, index: number, signal: AbortSignal): Promise<void> {
    const { rejectsWith } = dependency
    const refusal = rejectsWith.length === 0 ? undefined : this.refusal(rejectsWith)
    const pulse = refusal === undefined ? await this.pulse(dependency, signal) : { trouble: refusal }
    this.states.set(this.states.snapshot.map((one, at) => (at === index ? { ...one, pulse } : one)))
  }

  private pulse({ store, gateways }: Dependency, signal: AbortSignal): Promise<PingResult> {
    return this.ping(store, signal, gateways[0]).then(
      ms => ({ ms }),
      error => ({ trouble: asDeckError(error).message }),
    )
  }
}
