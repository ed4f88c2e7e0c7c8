import { readFileSync } from "node:fs"
import pg from "pg"
import { DeckError } from "../../domain/errors.ts"

/** Target of a connection, and the name errors give it: never with the password. */
export interface Endpoint {
  readonly config: pg.ClientConfig
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** `host:port`, or the directory of a Unix socket. */
  readonly address: string
}

/** TLS options of a URL; they are handled here, since pg's own reading of them has holes. */
const TLS_OPTIONS = ["ssl", "sslmode", "sslnegotiation", "sslrootcert", "sslcert", "sslkey", "uselibpqcompat"]

/** Parses a connection URL. Throws DeckError("invalid") for a malformed one, or a certificate file it cannot read. */
export function readEndpoint(url: string): Endpoint {
  const target = parse(url)
  const ssl = tlsOptions(target.searchParams)
  const direct = target.searchParams.get("sslnegotiation") === "direct"
  for (const option of TLS_OPTIONS) target.searchParams.delete(option)
  const config: pg.ClientConfig = {
    connectionString: target.href,
    application_name: "opsdeck",
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // Passed even when the URL asks for no TLS, so that PGSSLMODE cannot switch the checks off.
    ssl,
    ...(direct ? { sslnegotiation: "direct" as const } : {}),
  }
  const { host, port, user, database } = new pg.Client(config)
  const address = host.startsWith("/") ? host : `${host.includes(":") ? `[${host}]` : host}:${port}`
  return { config, host, port, user: user ?? "", database: database ?? "", address }
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
