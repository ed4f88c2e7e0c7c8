import { type Term, termOf } from "../access-log-filter-text.ts"
import { formatBlock, networkOf, parseAddress } from "../ip-block.ts"
import { routeOf } from "../route.ts"
import { type Shown, shown } from "../safe-text.ts"
import type { StreamEntry } from "../stream-entry.ts"
import { DIMENSION_KEYS, type DimensionKey } from "./dimension-keys.ts"

/** One thing that requests are counted and pivoted by. */
export interface Dimension {
  readonly key: DimensionKey
  readonly title: Shown
  /** The entry's value; empty when it has none to count. */
  valueOf(entry: StreamEntry): string
  /** The filter's term that means "only this". */
  term(value: string): Term
}

/** A longer one is no value that a request was meant to have. */
const LONGEST = 64

const text = (name: string) => (entry: StreamEntry) => {
  const value = entry.get(name) ?? ""
  return value.length > LONGEST ? "" : value
}

const only = (key: string) => (value: string) => termOf(key, value)

const clientIp = once(text("client_ip"))
const network = once(entry => networkAround(clientIp(entry)))

/** What is no address cannot be filtered by as one. */
const addressOf = (entry: StreamEntry): string => (network(entry) === "" ? "" : clientIp(entry))

const BY_KEY: Readonly<Record<DimensionKey, Omit<Dimension, "key">>> = {
  ip: { title: shown`IP`, valueOf: addressOf, term: only("ip") },
  network: { title: shown`NETWORK`, valueOf: network, term: only("ip") },
  user: { title: shown`USER`, valueOf: text("user_id"), term: only("user") },
  route: { title: shown`PATH`, valueOf: entry => routeOf(entry.get("path") ?? ""), term: only("route") },
  country: { title: shown`COUNTRY`, valueOf: text("country"), term: only("country") },
  ua: { title: shown`UA`, valueOf: text("ua_type"), term: only("ua") },
  status: { title: shown`STATUS`, valueOf: statusOf, term: only("status") },
}

export const dimensionOf = (key: DimensionKey): Dimension => ({ key, ...BY_KEY[key] })

/** Every dimension, in the order of the keys. */
export const DIMENSIONS: readonly Dimension[] = DIMENSION_KEYS.map(dimensionOf)

/** Two dimensions ask the same of an entry, one after the other. */
function once(read: (entry: StreamEntry) => string): (entry: StreamEntry) => string {
  let last: StreamEntry | undefined
  let value = ""
  return entry => {
    if (entry !== last) value = read(entry)
    last = entry
    return value
  }
}

/** Three digits: nothing else is a status that can be filtered by. */
function statusOf(entry: StreamEntry): string {
  const status = entry.number("status") ?? 0
  return status >= 100 && status <= 999 && Number.isInteger(status) ? String(status) : ""
}

/** What an IPv4 address ends in: all that differ in it alone are in one network. */
const LAST_NUMBERS = new Set(Array.from({ length: 256 }, (_, number) => String(number)))

const REMEMBERED = 4096
const networks = new Map<string, string>()

/** The /24 of an IPv4 address, the /64 of an IPv6 one; empty for what is no address. Parsing costs, so answers are kept. */
export function networkAround(ip: string): string {
  const last = ip.lastIndexOf(".") + 1
  const key = LAST_NUMBERS.has(ip.slice(last)) ? `${ip.slice(0, last)}0` : ip
  const known = networks.get(key)
  if (known !== undefined) return known
  const parsed = parseAddress(key)
  const network = parsed ? formatBlock(networkOf([parsed, parsed.kind() === "ipv4" ? 24 : 64])) : ""
  if (networks.size === REMEMBERED) networks.clear()
  networks.set(key, network)
  return network
}
