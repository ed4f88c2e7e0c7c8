import { DeckError } from "../domain/errors.ts"
import type { Variables } from "./paths.ts"
import { type Parameters, problemIn, readPostgresUrl, serversIn, writePostgresUrl } from "./postgres-url.ts"
import { readService } from "./service-file.ts"
import { isLoopback } from "./urls.ts"

/** libpq's variables that say which server is meant, with their keywords. */
const SERVER_VARIABLES = {
  PGHOST: "host",
  PGPORT: "port",
  PGTARGETSESSIONATTRS: "target_session_attrs",
  PGLOADBALANCEHOSTS: "load_balance_hosts",
  PGCONNECT_TIMEOUT: "connect_timeout",
}

/** Those that say what TLS is done with, where it is asked for. */
const TLS_VARIABLES = { PGSSLROOTCERT: "sslrootcert", PGSSLCERT: "sslcert", PGSSLKEY: "sslkey" }

/** The variables that could lead to another server than the one in a profile. */
export const SERVER_NAMING = ["PGHOST", "PGPORT", "PGSERVICE", "PGSERVICEFILE", "PGTARGETSESSIONATTRS"] as const

/**
 * The URL of a database (a valid one) with what a service file and libpq's variables add to it, in this order: what is said
 * already stays. It is written into the URL, so that the name on the screen and the connection are of the same server. Throws
 * DeckError `usage` for a service that is not to be found, and for a variable that makes no sense.
 */
export function completeDatabaseUrl(url: string, env: Variables): string {
  const said = readPostgresUrl(url) as Parameters
  const service = said.get("service") ?? env.PGSERVICE
  const whole = new Map([...(service ? readService(service, env, said.get("servicefile")) : []), ...said])
  whole.delete("service")
  whole.delete("servicefile")
  const fill = (variables: Readonly<Record<string, string>>) => {
    for (const [variable, keyword] of Object.entries(variables)) {
      const value = env[variable]
      if (value && !whole.has(keyword)) whole.set(keyword, value)
    }
  }
  fill(SERVER_VARIABLES)
  // The other modes do without TLS where there is none, which goes without saying here.
  if (/^(require|verify-ca|verify-full)$/.test(env.PGSSLMODE ?? "")) fill({ PGSSLMODE: "sslmode" })
  if (whole.has("sslmode")) fill(TLS_VARIABLES)
  const problem = problemIn(whole)
  if (problem !== undefined) {
    throw new DeckError("usage", `the database's URL with PG* variables and service: ${problem}`, {
      field: "database-url",
    })
  }
  const isSame = whole.size === said.size && [...whole].every(([keyword, value]) => said.get(keyword) === value)
  return isSame ? url : writePostgresUrl(whole)
}

/** Whether the URL of a database names several servers. */
export const namesSeveral = (databaseUrl: string): boolean =>
  serversIn(readPostgresUrl(databaseUrl) as Parameters).length > 1

/** Default name of an environment without a profile: the host of its database, the first one elsewhere, or "local". */
export function environmentOf(databaseUrl: string): string {
  const hosts = serversIn(readPostgresUrl(databaseUrl) as Parameters).map(({ host }) => host)
  return hosts.find(host => !isLoopback(host)) ?? "local"
}
