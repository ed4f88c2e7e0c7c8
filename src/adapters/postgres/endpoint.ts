import { readFileSync } from "node:fs"
import { userInfo } from "node:os"
import pg from "pg"
import { DeckError } from "../../domain/errors.ts"
import { findPassword, type Target } from "./password.ts"

/** Target of a connection, and the name errors give it: never with the password. */
export interface Endpoint extends Target {
  readonly config: pg.ClientConfig
}

/** TLS options of a URL; they are handled here, since pg's own reading of them has holes. */
const TLS_OPTIONS = ["ssl", "sslmode", "sslnegotiation", "sslrootcert", "sslcert", "sslkey", "uselibpqcompat"]

/** What a URL says to pg, or to the platform's driver alone; any other parameter is a setting of the server's. */
const CONNECTION_OPTIONS =
  /^(host|port|user|password|options|application_name|client_encoding|connect_timeout|target_session_attrs|keepalives.*|pool_.*|.*_cache_capacity|default_query_exec_mode)$/

/** Parses a connection URL. Throws DeckError("invalid") for a malformed one, or a certificate file it cannot read. */
export function readEndpoint(url: string): Endpoint {
  const target = parse(url)
  const ssl = tlsOptions(target.searchParams)
  passServerSettings(target.searchParams)
  if (target.username === "" && !target.searchParams.has("user")) target.searchParams.set("user", accountName())
  const direct = target.searchParams.get("sslnegotiation") === "direct"
  for (const option of TLS_OPTIONS) target.searchParams.delete(option)
  const options: pg.ClientConfig = {
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // Passed even when the URL asks for no TLS, so that PGSSLMODE cannot switch the checks off.
    ssl,
    ...(direct ? { sslnegotiation: "direct" as const } : {}),
  }
  // pg reads the URL and libpq's variables; what it read is handed on, since a URL would win over a password from a file.
  const read = new pg.Client({ connectionString: target.href, application_name: "opsdeck", ...options }) as ReadClient
  const { host, port, user = "", database = "", password } = read
  const address = host.startsWith("/") ? host : `${host.includes(":") ? `[${host}]` : host}:${port}`
  const named = { host, port, user, database, address }
  const { options: settings, application_name, client_encoding } = read.connectionParameters
  const config = {
    ...{ host, port, user, database, password: password || (async () => findPassword(named)) },
    ...{ options: settings, application_name, client_encoding, ...options },
  }
  return { ...named, config }
}

/** Members of pg's client that its types leave out. */
type ReadClient = pg.Client & {
  connectionParameters: Pick<pg.ClientConfig, "options" | "application_name" | "client_encoding">
}

/**
 * Turns settings of the server's, such as `search_path`, into the parameter that carries them, as the platform's own driver
 * does: its URL is often ours.
 */
function passServerSettings(parameters: URLSearchParams): void {
  const settings = [...parameters].filter(([name]) => !CONNECTION_OPTIONS.test(name) && !TLS_OPTIONS.includes(name))
  if (settings.length === 0) return
  const given = parameters.get("options") ?? process.env.PGOPTIONS
  const options = settings.map(([name, value]) => `-c ${name}=${value.replace(/[\\\s]/g, "\\$&")}`)
  for (const [name] of settings) parameters.delete(name)
  parameters.set("options", [...(given ? [given] : []), ...options].join(" "))
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

function parse(url: string): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined
  // A `#`, `/` or `?` in a password ends the authority early; the rest must not be taken for a database name.
  const misread = target !== undefined && (target.hash !== "" || `${target.pathname}${target.search}`.includes("@"))
  if (target !== undefined && !misread) return target
  throw new DeckError(
    "invalid",
    "the database URL is not valid: expected postgres://user:password@host:5432/database, special characters as %XX",
    { field: "database_url" },
  )
}

/** No TLS unless the URL asks for it, as in libpq; then always with the certificate checked. */
function tlsOptions(options: URLSearchParams): pg.ClientConfig["ssl"] {
  const mode = options.get("sslmode")
  const asked = TLS_OPTIONS.some(option => options.has(option))
  if (mode === "disable" || (mode === null && !asked) || options.get("ssl") === "false") return false
  const files = { ca: "sslrootcert", cert: "sslcert", key: "sslkey" }
  const pem = Object.entries(files).flatMap(([name, option]) => {
    const path = options.get(option)
    return path === null || path === "system" ? [] : [[name, readPem(option, path)]]
  })
  return { ...Object.fromEntries(pem), rejectUnauthorized: true }
}

function readPem(option: string, path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code
    throw new DeckError("invalid", `the database URL's ${option} cannot be read: ${path} (${reason})`, {
      field: "database_url",
      cause: error,
    })
  }
}
