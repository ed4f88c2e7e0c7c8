import dns from "node:dns/promises"
import { isIP } from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import type { SessionAttributes } from "../../config/postgres-url.ts"
import { within } from "../deadline.ts"
import { Client } from "./client.ts"
import { atAddress, type Endpoint, type Endpoints } from "./endpoint.ts"
import { NoServerError, reasonOf } from "./errors.ts"
import { TIMELINE } from "./role.ts"

/** How long a server has to answer where there is another one to ask, unless the URL says so. */
export const LOOK_MS = 2_000
/** In so long all of them are asked, each with a head start of its part before the next one: it may be dead. */
const HEAD_START_MS = 1_000

interface Role {
  readonly isStandby: boolean
  readonly isReadOnly: boolean
}

/** What a server says that it is. */
interface Found extends Role {
  readonly endpoint: Endpoint
  /** Of a primary: it rises with each promotion. Undefined where the server does not say. */
  readonly timeline?: number | undefined
}
/** The same, or why it said nothing. */
type Look = Found | { readonly endpoint: Endpoint; readonly error: unknown }
const LOOK = `select pg_is_in_recovery() as "isStandby", current_setting('transaction_read_only') = 'on' as "isReadOnly"`

type Kind = Exclude<SessionAttributes, "prefer-standby">

const FITS: Readonly<Record<Kind, (role: Role) => boolean>> = {
  any: () => true,
  primary: ({ isStandby }) => !isStandby,
  standby: ({ isStandby }) => isStandby,
  "read-write": ({ isReadOnly }) => !isReadOnly,
  "read-only": ({ isReadOnly }) => isReadOnly,
}

/** What is looked for first, and what will do. Where any will do, one that takes changes is better than one that does not. */
const PREFERENCES: Readonly<Record<SessionAttributes, readonly [best: Kind, ...others: Kind[]]>> = {
  ...{ any: ["primary", "any"], primary: ["primary"], standby: ["standby"] },
  ...{ "read-write": ["read-write"], "read-only": ["read-only"], "prefer-standby": ["standby", "any"] },
}

/** How an error says what was looked for. */
const SAID = {
  primary: "a primary",
  standby: "a standby",
  "read-write": "read-write",
  "read-only": "read-only",
} as const

/**
 * Whether a server of this role is what `wanted` means: "best", "good" enough, or not at all. A primary that was chosen as
 * read-only is so by its settings.
 */
export function fitness(wanted: SessionAttributes, isStandby: boolean): "best" | "good" | "none" {
  const role = { isStandby, isReadOnly: isStandby || wanted === "read-only" }
  const rank = PREFERENCES[wanted].findIndex(kind => FITS[kind](role))
  return rank < 0 ? "none" : rank === 0 ? "best" : "good"
}

/** Whether there is more than one answer to which server is used. */
export const isChoice = ({ all, wanted }: Endpoints): boolean => all.length > 1 || wanted !== "any"

/**
 * Looks at one server after the other, the next one as soon as the last has answered or had its head start, and chooses the
 * first that is as the URL wants it, within the head start and the time that one has to answer, however many they are. A primary of
 * an older timeline than `newest` is none of them. Where none will do, a name that has several addresses is several servers. A single one that may be anything is not looked at. Throws NoServerError.
 */
export async function chooseServer(endpoints: Endpoints, newest = 0): Promise<Pick<Found, "endpoint" | "timeline">> {
  const { all, wanted, connectTimeoutMs: ms = LOOK_MS } = endpoints
  if (!isChoice(endpoints)) return { endpoint: all[0] }
  const kinds = PREFERENCES[wanted]
  const fits = (kind: Kind) => (found: Found) => FITS[kind](found) && !isFormer(found, newest)
  const looks: Promise<Look>[] = []
  for (const endpoint of all) {
    looks.push(look(endpoint, ms))
    const headStart = delay(HEAD_START_MS / Math.max(1, all.length - 1), undefined, { ref: false })
    const found = await Promise.race([firstThat(looks, fits(kinds[0])), headStart])
    if (found !== undefined) return found
  }
  for (const kind of kinds) {
    const found = await firstThat(looks, fits(kind))
    if (found !== undefined) return found
  }
  const seen = await Promise.all(looks)
  const answered = seen.filter(look => !("error" in look))
  const others = (await Promise.all(answered.map(({ endpoint }) => atEachAddress(endpoint)))).flat()
  const [first, ...more] = others
  if (first !== undefined) return chooseServer({ ...endpoints, all: [first, ...more] }, newest)
  throw noneOf(seen, wanted, newest)
}

/** The servers of a name that has several addresses, of which one has answered; none where it has one. */
async function atEachAddress(endpoint: Endpoint): Promise<Endpoint[]> {
  const { host = "" } = endpoint.config
  if (host.startsWith("/") || isIP(host) !== 0) return []
  const found = await within(LOOK_MS, dns.lookup(host, { all: true })).catch(() => [])
  return found.length < 2 ? [] : found.map(({ address }) => atAddress(endpoint, address))
}

/** Whether another server was promoted and has gone on without it: what it holds is no longer true. */
const isFormer = ({ timeline }: Found, newest: number) => timeline !== undefined && timeline < newest

async function look(endpoint: Endpoint, ms: number): Promise<Look> {
  const client = new Client(endpoint.config)
  client.on("error", () => {}) // The query reports it.
  try {
    const found = await within(ms, roleOf(client))
    void client.end()
    return { endpoint, ...found }
  } catch (error) {
    client.drop()
    return { endpoint, error }
  }
}

async function roleOf(client: Client): Promise<Omit<Found, "endpoint">> {
  await client.connect()
  const [role] = (await client.query<Role>(LOOK)).rows as [Role]
  if (role.isStandby) return role
  // Not every server that is compatible has one.
  const { rows } = await client
    .query<{ timeline: number }>(`select ${TIMELINE} as timeline`)
    .catch(() => ({ rows: [] }))
  return { ...role, timeline: rows[0]?.timeline }
}

/** The first of the servers to answer that fits; undefined once all have answered and none does. */
const firstThat = (looks: readonly Promise<Look>[], fits: (found: Found) => boolean): Promise<Found | undefined> =>
  Promise.any(
    looks.map(async looking => {
      const look = await looking
      if ("error" in look || !fits(look)) throw look
      return look
    }),
  ).catch(() => undefined)

function noneOf(looks: readonly Look[], wanted: SessionAttributes, newest: number): NoServerError {
  const reasons = looks.map(look => `${look.endpoint.address}: ${reason(look, newest)}`)
  const kind = PREFERENCES[wanted].at(-1) as Kind
  const lack = kind === "any" ? "can be reached" : `is ${SAID[kind]}, as target_session_attrs asks`
  return new NoServerError(`no PostgreSQL server ${lack}: ${reasons.join("; ")}`)
}

function reason(look: Look, newest: number): string {
  if ("error" in look) return reasonOf(look.error, look.endpoint)
  if (isFormer(look, newest)) return "a former primary, without which another one has gone on"
  if (look.isStandby) return "a standby"
  return look.isReadOnly ? "read-only" : "a primary"
}
