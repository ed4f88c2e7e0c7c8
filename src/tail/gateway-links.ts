import type { LogEvent } from "../adapters/redis/follow-log.ts"
import { Seconds } from "../domain/seconds.ts"
import { steadyNow } from "../domain/steady-now.ts"
import type { StreamEntry } from "../domain/stream-entry.ts"
import { type Link, linkIsStale, nextLink } from "./link.ts"

/** One of several gateways: the state of its connection, and its requests a second. */
export interface GatewayLink {
  readonly gateway: string
  readonly link: Link
  readonly perSecond: number
}

/** What the rate is of, in seconds. */
const WINDOW_S = 10

interface State {
  link: Link
  /** Requests by the second at which they count. */
  readonly seconds: Seconds<{ requests: number }>
}

/** Connections to the gateways, each with its own state. */
export class GatewayLinks {
  private readonly states = new Map<string, State>()

  /** Begins with those that are named. */
  constructor(gateways: readonly string[] = []) {
    for (const gateway of gateways) this.stateOf(gateway)
  }

  take(event: LogEvent): void {
    if (event.kind === "late") return
    const now = steadyNow()
    const from = event.kind === "entries" ? this.count(event.entries) : [this.stateOf(event.gateway ?? "")]
    for (const state of from) state.link = nextLink(state.link, event, now)
  }

  /** That of all: live where any gateway is. */
  get link(): Link {
    const links = [...this.states.values()].map(({ link }) => link)
    const now = steadyNow()
    const best = links.find(link => link.state === "live" && !linkIsStale(link, now) && !link.isGone)
    return best ?? links.find(({ state }) => state === "live") ?? links[0] ?? { state: "connecting" }
  }

  /** Each by itself, by name, at the stream's time `nowMs`; none where there is one that nobody named. */
  each(nowMs: number): readonly GatewayLink[] {
    const now = Math.floor(nowMs / 1_000)
    return [...this.states]
      .filter(([gateway]) => gateway !== "")
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([gateway, { link, seconds }]) => {
        const counts = seconds.between(now - WINDOW_S + 1, now + 1)
        const requests = counts.reduce((sum, one) => sum + (one?.requests ?? 0), 0)
        return { gateway, link, perSecond: requests / WINDOW_S }
      })
  }

  /** Counts entries, in any order; returns the states of the gateways they are of. */
  private count(entries: readonly StreamEntry[]): Iterable<State> {
    // The rate of one that nobody named is that of all.
    if (entries[0]?.gateway === "") return [this.stateOf("")]
    const states = new Set<State>()
    for (const { gateway, at } of entries) {
      const state = this.stateOf(gateway)
      const second = state.seconds.of(Math.floor(at / 1_000))
      if (second) second.requests++
      states.add(state)
    }
    return states
  }

  private stateOf(gateway: string): State {
    const known = this.states.get(gateway)
    if (known !== undefined) return known
    const state: State = { link: { state: "connecting" }, seconds: new Seconds(WINDOW_S, () => ({ requests: 0 })) }
    this.states.set(gateway, state)
    return state
  }
}
