import { isIP } from "node:net"
import { isDeepStrictEqual } from "node:util"
import type { RedisOptions } from "ioredis"
import { type RedisHost, type RedisUrl, readRedisUrl } from "../../config/redis-url.ts"
import { bracketed } from "../../config/server-url.ts"
import { DeckError } from "../../domain/errors.ts"

/**
 * A Redis: `redis://user:password@host:port/database`, `unix://user:password@/path?db=1`, that of a name which Sentinels
 * watch (`redis+sentinel://h1,h2,h3/PRIMARY/0`), or a Cluster (`redis+cluster://h1,h2`); with `rediss` all of it is in TLS.
 */
export interface RedisTarget {
  readonly url: string
  /** PEM of the authority to check the servers' certificates against; default: Node's. */
  readonly ca?: string
  /** PEM of the certificate to show to servers that ask for one, and of its key. */
  readonly cert?: string
  readonly key?: string
  /** Account of the Sentinels, which have one of their own. */
  readonly sentinelUser?: string
  readonly sentinelPassword?: string
}

type ClientOptions = Omit<RedisOptions, "replyMapping">

/** A parsed target, and the name errors give it: never with the password. */
export interface Endpoint {
  /** Options of a connection; they name a server where it is to be made to a certain one. */
  readonly client: ClientOptions
  /** `host:port`, the path of a socket, or `PRIMARY via host:port`. */
  readonly address: string
  /** Of a primary that has to be found: its name, and the Sentinels that know where it is. */
  readonly watched?: { readonly primary: string; readonly sentinels: readonly Endpoint[] }
  /** Of a Cluster: the nodes to begin with. */
  readonly nodes?: readonly Endpoint[]
}

/** The only limit on connecting to a server that counts: ioredis's own, of ten seconds, could say less of the reason. */
export const CONNECT_TIMEOUT_MS = 2_000

/** Parses a target; certificates are always checked. Throws DeckError("invalid", field "redis_url") for a malformed URL. */
export function readEndpoint(target: RedisTarget): Endpoint {
  const url = readRedisUrl(target.url)
  if (typeof url === "string") throw new DeckError("invalid", `the Redis URL: ${url}`, { field: "redis_url" })
  const { user, password, database, socket, primary, isCluster } = url
  const client = { ...optionsFor(url, target, user, password), db: database }
  if (socket !== undefined) return { client: { ...client, path: socket }, address: socket }
  const first = addressOf(url.hosts[0] as RedisHost)
  if (isCluster) return { client, address: first, nodes: url.hosts.map(host => endpointAt(client, host)) }
  if (primary === undefined) return endpointAt(client, url.hosts[0] as RedisHost)
  const { sentinelUser = "", sentinelPassword = "" } = target
  const ofSentinels = optionsFor(url, target, sentinelUser, sentinelPassword)
  const sentinels = url.hosts.map(host => endpointAt(ofSentinels, host))
  return { client, address: `${primary} via ${first}`, watched: { primary, sentinels } }
}

function optionsFor(
  { isTls }: RedisUrl,
  { ca, cert, key }: RedisTarget,
  user: string,
  password: string,
): ClientOptions {
  return {
    ...(user !== "" && { username: user }),
    ...(password !== "" && { password }),
    // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch the check off.
    ...(isTls && { tls: { rejectUnauthorized: true, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } }),
    connectionName: "opsdeck",
    disableClientInfo: true,
    // RESP2: its replies have one shape on every version, and the tail decodes no other.
    protocol: 2,
    lazyConnect: true,
    // A broken connection is replaced here and never repaired by ioredis, so that no command waits or is resent
    // unnoticed.
    retryStrategy: null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
  }
}

/** The endpoint that is one server, reached with the options of another one. */
export function endpointAt(client: ClientOptions, { host, port }: RedisHost): Endpoint {
  const tls = client.tls && { ...client.tls, ...(isIP(host) === 0 && { servername: host }) }
  return { client: { ...client, host, port, ...(tls && { tls }) }, address: addressOf({ host, port }) }
}

const addressOf = ({ host, port }: RedisHost) => `${bracketed(host)}:${port}`

/** The servers that an endpoint names, as `host:port` or the path of a socket. */
export const serversOf = ({ address, watched, nodes }: Endpoint): readonly string[] =>
  (watched?.sentinels ?? nodes)?.map(server => server.address) ?? [address]

/** Tells whether both targets are one database of one Redis. A malformed URL is none. */
export function areOneDatabase(one: RedisTarget, other: RedisTarget): boolean {
  if (one.url === other.url) return true
  try {
    const [a, b] = [readEndpoint(one), readEndpoint(other)]
    const isOneKind = a.watched?.primary === b.watched?.primary && (a.nodes === undefined) === (b.nodes === undefined)
    const servers = serversOf(b)
    return isOneKind && a.client.db === b.client.db && serversOf(a).some(server => servers.includes(server))
  } catch {
    return false
  }
}

/** Tells whether both targets are the same server, reached in the same way by the same account, whichever database they name. */
export function areOneServer(one: RedisTarget, other: RedisTarget): boolean {
  const [a, b] = [one, other].map(target => {
    const { client, ...endpoint } = readEndpoint(target)
    return { ...endpoint, client: { ...client, db: 0 } }
  })
  return isDeepStrictEqual(a, b)
}
