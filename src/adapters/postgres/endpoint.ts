import { isIP } from "node:net"
import { userInfo } from "node:os"
import pg from "pg"
import {
  type Parameters,
  type PostgresHost,
  postgresUrl,
  readPostgresUrl,
  type SessionAttributes,
  serversIn,
} from "../../config/postgres-url.ts"
import { bracketed } from "../../config/server-url.ts"
import { DeckError } from "../../domain/errors.ts"
import { findPassword, type Target } from "./password.ts"
import { isTlsOption, tlsOptions } from "./tls.ts"

/** Target of a connection, and the name errors give it: never with the password. */
export interface Endpoint extends Target {
  readonly config: pg.ClientConfig
}

/** The servers of a URL, at least one, in the order in which they are tried, and what is asked of the one to be used. */
export interface Endpoints {
  readonly all: readonly [Endpoint, ...Endpoint[]]
  readonly wanted: SessionAttributes
  /** How long a server has to answer, where the URL says so. */
  readonly connectTimeoutMs?: number
}

/** What a URL says to pg, or to the platform's driver alone; any other parameter is a setting of the server's. */
const CONNECTION_OPTIONS =
  /^(host|port|user|password|dbname|options|application_name|fallback_application_name|client_encoding|connect_timeout|target_session_attrs|load_balance_hosts|hostaddr|passfile|channel_binding|sslsni|sslcompression|sslcertmode|sslcrldir|gss.*|krbsrvname|keepalives.*|tcp_user_timeout|requirepeer|require_auth|replication|pool_.*|.*_cache_capacity|default_query_exec_mode)$/

/** As libpq has it. */
const LEAST_TIMEOUT_S = 2

/**
 * Reads the URL of a PostgreSQL with all its servers. Throws DeckError("invalid") for a malformed one, or a certificate file it
 * cannot read.
 */
export function readEndpoints(url: string): Endpoints {
  const problem = postgresUrl(url)
  if (problem !== undefined) {
    throw new DeckError("invalid", `the database URL is not valid: ${problem}`, { field: "database_url" })
  }
  const parameters = readPostgresUrl(url) as Parameters
  const toEndpoint = endpointsOf(parameters)
  const all = serversIn(parameters).map(toEndpoint) as [Endpoint, ...Endpoint[]]
  if (parameters.get("load_balance_hosts") === "random") shuffle(all)
  const seconds = Number(parameters.get("connect_timeout") ?? 0)
  return {
    all,
    wanted: (parameters.get("target_session_attrs") ?? "any") as SessionAttributes,
    ...(seconds > 0 && { connectTimeoutMs: Math.max(seconds, LEAST_TIMEOUT_S) * 1000 }),
  }
}

/** The first of the servers, for what all of them have in common. Throws what `readEndpoints` throws. */
export const readEndpoint = (url: string): Endpoint => readEndpoints(url).all[0]

function endpointsOf(parameters: Parameters): (server: PostgresHost) => Endpoint {
  const tls = tlsOptions(parameters)
  const sslnegotiation = tls && parameters.get("sslnegotiation") === "direct" ? "direct" : "postgres"
  const options = settings(parameters)
  const user = parameters.get("user") ?? accountName()
  const binding = parameters.get("channel_binding") ?? "disable"
  return ({ host: named, address: at, port }) => {
    const host = named || at || "localhost"
    const isSocket = (at || host).startsWith("/")
    // A certificate is of the name, wherever that is.
    const servername = at !== "" && isIP(host) === 0 ? { servername: host } : {}
    const given = {
      ...{ host: at || host, port: Number(port || 5432), user, database: parameters.get("dbname") },
      ...{ password: parameters.get("password"), options, client_encoding: parameters.get("client_encoding") },
      application_name: parameters.get("application_name") ?? "opsdeck",
      // Passed even where no TLS is asked for, so that PGSSLMODE cannot switch the checks off. A socket needs none.
      ...(isSocket ? { ssl: false } : { ssl: tls && { ...tls, ...servername }, sslnegotiation }),
      enableChannelBinding: tls !== false && !isSocket && binding !== "disable",
      ...{ keepAlive: true, keepAliveInitialDelayMillis: 10_000 },
    } as pg.ClientConfig
    // What is missing pg takes from libpq's variables; what it read is handed on, so that a password file comes after them.
    const { port: number, database = "", password, connectionParameters: read } = new pg.Client(given) as ReadClient
    const address = isSocket ? host : `${bracketed(host)}:${number}`
    const target = { host, port: number, user, database, address }
    const config = {
      ...{ ...given, database, options: read.options, client_encoding: read.client_encoding },
      password: password || (async () => findPassword(target, parameters.get("passfile"))),
    }
    return { ...target, config }
  }
}

/** The server at one of the addresses of its host; a certificate is of the name all the same. */
export function atAddress(endpoint: Endpoint, address: string): Endpoint {
  const { config, host } = endpoint
  const ssl = typeof config.ssl === "object" ? { ...config.ssl, servername: host } : config.ssl
  return {
    ...endpoint,
    address: `${endpoint.address} (${address})`,
    config: { ...config, host: address, ...(ssl !== undefined && { ssl }) },
  }
}

/** Members of pg's client that its types leave out. */
type ReadClient = pg.Client & {
  connectionParameters: Pick<pg.ClientConfig, "options" | "client_encoding">
}

/**
 * The parameter that carries settings of the server's, such as `search_path`: they may stand in a URL, as for the platform's
 * own driver, whose URL is often ours.
 */
function settings(parameters: Parameters): string | undefined {
  const given = parameters.get("options") ?? process.env.PGOPTIONS
  const others = [...parameters].filter(([name]) => !CONNECTION_OPTIONS.test(name) && !isTlsOption(name))
  const options = others.map(([name, value]) => `-c ${name}=${value.replace(/[\\\s]/g, "\\$&")}`)
  return [...(given ? [given] : []), ...options].join(" ") || undefined
}

/** libpq's default user: `PGUSER`, else the name of the account. Throws DeckError("invalid") where it has none. */
function accountName(): string {
  if (process.env.PGUSER) return process.env.PGUSER
  try {
    return userInfo().username
  } catch (cause) {
    if (process.env.USER) return process.env.USER
    throw new DeckError(
      "invalid",
      `the database URL names no user, and this account (${process.getuid?.()}) has no name: write postgres://USER@...`,
      { field: "database_url", cause },
    )
  }
}

/** Puts a list into an order by chance (Fisher-Yates). */
function shuffle(list: unknown[]): void {
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1))
    ;[list[last], list[other]] = [list[other], list[last]]
  }
}
