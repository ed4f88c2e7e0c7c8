import { isIP } from "node:net"
import type { RedisOptions } from "ioredis"
import { DeckError } from "../../domain/errors.ts"

/** Address of a Redis: `redis://user:password@host:port/database`, or `rediss://` for TLS. */
export interface RedisTarget {
  readonly url: string
  /** PEM of the authority to check the server's certificate against; default: Node's. */
  readonly ca?: string
}

type ClientOptions = Omit<RedisOptions, "replyMapping">

/** A parsed target, and the name errors give it: never with the password. */
export interface Endpoint {
  readonly client: ClientOptions
  /** `host:port`. */
  readonly address: string
}

/** The only limit on connecting that counts: ioredis's own, of ten seconds, could say less of the reason. */
export const CONNECT_TIMEOUT_MS = 2_000

/**
 * Parses a target. Of the URL's options only `db` counts, as in the platform's own client; certificates are always
 * checked. Throws DeckError("invalid", field "redis_url") for a malformed URL and for that of a Sentinel.
 */
export function readEndpoint({ url, ca }: RedisTarget): Endpoint {
  const target = URL.canParse(url) ? new URL(url) : undefined
  if (target === undefined || !/^rediss?:$/.test(target.protocol) || target.hostname === "" || target.hash !== "") {
    throw invalid("the Redis URL is not valid: expected redis://user:password@host:6379/0, special characters as %XX")
  }
  const options = target.searchParams
  if ([...options.keys()].some(name => /sentinel|master/i.test(name))) {
    throw invalid("the Redis URL asks for Sentinel, which is not supported: name the server itself")
  }
  const database = options.get("db") ?? (target.pathname.slice(1) || "0")
  if (!/^\d+$/.test(database)) throw invalid("the Redis URL's path must be a database number, such as /0")

  const host = target.hostname.replace(/^\[|\]$/g, "")
  const port = Number(target.port || 6379)
  const client: ClientOptions = {
    host,
    port,
    db: Number(database),
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
  if (target.username !== "") client.username = decode(target.username)
  if (target.password !== "") client.password = decode(target.password)
  if (target.protocol === "rediss:") {
    // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch the check off.
    client.tls = { rejectUnauthorized: true, ...(ca && { ca }), ...(isIP(host) === 0 && { servername: host }) }
  }
  return { client, address: `${target.hostname}:${port}` }
}

/** Tells whether both targets are one database of one server. A malformed URL is none. */
export function areOneDatabase(one: RedisTarget, other: RedisTarget): boolean {
  if (one.url === other.url) return true
  try {
    const [a, b] = [readEndpoint(one), readEndpoint(other)]
    return a.address === b.address && a.client.db === b.client.db
  } catch {
    return false
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid("the Redis URL's user or password contains a % that is not %XX")
  }
}

const invalid = (message: string) => new DeckError("invalid", message, { field: "redis_url" })
