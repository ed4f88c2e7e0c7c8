import type { HoldTarget } from "../../domain/hold.ts"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import { isUuid } from "../../domain/uuid.ts"
import type { Stores } from "../operation.ts"
import { readRecentLog } from "../recent-log.ts"
import { lookupUsernames } from "../users/user-names.ts"

const MOST_REQUESTS = 50_000
const PATIENCE_MS = 2_000

type Redis = Pick<Stores, "redis" | "signal">

/** The share of some senders in the requests that the stream holds, as far as it can be read in two seconds. */
export interface TrafficShare {
  readonly requests: number
  readonly theirs: number
  /** Of theirs, those that are counted by the organization of who is signed in, and not by address. */
  readonly signedIn: number
  /** Users seen, those with the most requests first. */
  readonly users: readonly { readonly name: string; readonly requests: number }[]
  /** Addresses seen, those with the most requests first. */
  readonly addresses: readonly string[]
}

/** Counts the requests that `isTheirs`. Throws DeckError. */
export async function trafficOf(
  stores: Pick<Stores, "postgres" | "redis" | "signal">,
  isTheirs: (entry: StreamEntry) => boolean,
): Promise<TrafficShare> {
  const users = new Map<string, number>()
  const addresses = new Map<string, number>()
  let [requests, theirs, signedIn] = [0, 0, 0]
  await readRecent(stores, entry => {
    requests++
    if (!isTheirs(entry)) return
    theirs++
    if (orgOf(entry) !== "") signedIn++
    more(addresses, addressOf(entry))
    const user = entry.get("user_id") ?? ""
    if (isUuid(user)) more(users, user)
  })
  const names = await lookupUsernames(stores, users.keys())
  return {
    requests,
    theirs,
    signedIn,
    users: byCount(users).map(([id, requests]) => ({ name: names.get(id) ?? id, requests })),
    addresses: byCount(addresses).map(([address]) => address),
  }
}

/** A hold whose refusals are counted, with its beginning. */
interface Begun extends HoldTarget {
  readonly since: string
}

/** Counts the requests answered 429 since each hold began, in the order of `holds`. Throws DeckError. */
export async function refusedSince(stores: Redis, holds: readonly Begun[]): Promise<number[]> {
  const counts = new Map(holds.map(({ type, id, since }) => [`${type} ${id}`, { from: Date.parse(since), refused: 0 }]))
  const first = Math.min(...[...counts.values()].map(({ from }) => from))
  await readRecent(
    stores,
    entry => {
      if (entry.get("status") !== "429") return
      const org = orgOf(entry)
      const count = counts.get(org === "" ? `address ${addressOf(entry)}` : `organization ${org}`)
      if (count !== undefined && Number.parseInt(entry.id, 10) >= count.from) count.refused++
    },
    first,
  )
  return holds.map(({ type, id }) => counts.get(`${type} ${id}`)?.refused ?? 0)
}

async function readRecent(stores: Redis, take: (entry: StreamEntry) => void, downTo?: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  const range = downTo === undefined ? {} : { downTo: String(Math.floor(downTo)) }
  let read = 0
  for await (const entries of readRecentLog(stores, range)) {
    for (const entry of entries) take(entry)
    read += entries.length
    if (read >= MOST_REQUESTS || performance.now() > deadline) return
  }
}

export const addressOf = (entry: StreamEntry): string => entry.get("client_ip") ?? ""
export const orgOf = (entry: StreamEntry): string => entry.get("org_id") || entry.get("account_id") || ""

const more = (counts: Map<string, number>, value: string) => counts.set(value, (counts.get(value) ?? 0) + 1)
const byCount = (counts: ReadonlyMap<string, number>) => [...counts].sort(([, a], [, b]) => b - a)
