import type { LogEvent } from "../adapters/redis/follow-log.ts"
import { steadyNow } from "../domain/steady-now.ts"
import type { StreamEntry } from "../domain/stream-entry.ts"
import { type Link, linkIsStale, nextLink } from "./link.ts"

/** One of several gateways: the state of its connection, and its requests a second. */
export interface GatewayLink {
  readonly gateway: string
  readonly link: Link
  readonly perSecond: number
}

/** What the rate is of, in ms. */
const WINDOW_MS = 10_000
const SLICE_MS = 1_000

interface State {
  link: Link
  /** Requests by the second at which they count, oldest first. */
  readonly slices: { readonly slice: number; requests: number }[]
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
    const since = Math.floor((nowMs - WINDOW_MS) / SLICE_MS)
    return [...this.states]
      .filter(([gateway]) => gateway !== "")
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([gateway, { link, slices }]) => {
        const requests = slices.reduce((sum, one) => sum + (one.slice > since ? one.requests : 0), 0)
        return { gateway, link, perSecond: (requests * 1_000) / WINDOW_MS }
      })
  }

  /** Counts entries, in the order in which they count; returns the states of the gateways they are of. */
  private count(entries: readonly StreamEntry[]): Iterable<State> {
    // The rate of one that nobody named is that of all.
    if (entries[0]?.gateway === "") return [this.stateOf("")]
    const states = new Set<State>()
    for (const { gateway, at } of entries) {
      const state = this.stateOf(gateway)
      countOne(state, Math.floor(at / SLICE_MS))
      states.add(state)
    }
    return states
  }

  private stateOf(gateway: string): State {
    const known = this.states.get(gateway)
    if (known !== undefined) return known
    const state: State = { link: { state: "connecting" }, slices: [] }
    this.states.set(gateway, state)
    return state
  }
}

function countOne({ slices }: State, slice: number): void {
  const last = slices.at(-1)
  if (last?.slice === slice) last.requests++
  else slices.push({ slice, requests: 1 })
  if (slices.length > WINDOW_MS / SLICE_MS + 1) slices.shift()
}
