import type { Variables } from "./paths.ts"

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?|)$/

/** Returns what is wrong with the text of a setting, without quoting it: it may hold a password. */
type Check = (text: string) => string | undefined

const url =
  (schemes: readonly string[], example: string, check: (url: URL) => string | undefined): Check =>
  text => {
    if (!schemes.some(scheme => text.startsWith(`${scheme}://`))) return `expected a URL like ${example}`
    const authority = text.slice(text.indexOf("://") + 3).replace(/[/?#].*$/s, "")
    if (authority.slice(authority.lastIndexOf("@") + 1).includes(",")) return "several hosts in one URL; name one"
    const parsed = URL.canParse(text) ? new URL(text) : undefined
    // A `#`, `/` or `?` in a password ends the authority early: the rest of the password is then part of a path.
    if (parsed === undefined || parsed.hash !== "" || `${parsed.pathname}${parsed.search}`.includes("@")) {
      return `not a valid URL (expected ${example}; special characters as %XX)`
    }
    return check(parsed)
  }

export const postgresUrl = url(["postgres", "postgresql"], "postgres://user@host:5432/database", ({ searchParams }) => {
  if (searchParams.has("service")) return "service files are not read; name host, port and database"
  if (searchParams.get("host")?.includes(",")) return "several hosts in one URL; name one"
  if (searchParams.get("sslmode") === "no-verify") {
    return "certificates are always checked; use sslmode=verify-full, with sslrootcert=FILE for a private authority"
  }
  return undefined
})

export const redisUrl = url(["redis", "rediss"], "redis://host:6379/0", ({ hostname, pathname, href }) => {
  if (/%(?![\da-f]{2}).*@/i.test(href)) return "a % in the user or the password must be written as %25"
  if (hostname === "") return "the host is missing (expected redis://host:6379/0)"
  if (!/^\/?\d*$/.test(pathname)) return "the path must be a database number (expected redis://host:6379/0)"
  return undefined
})

export const clickhouseUrl = url(
  ["clickhouse"],
  "clickhouse://user@host:8123/database",
  ({ username, password, hostname, pathname, searchParams }) => {
    if (password !== "") return "a password must not stand in it; give it as OPSDECK_HISTORY_PASSWORD, or in a file"
    if (username === "" || hostname === "") return "name user and host: clickhouse://user@host:8123/database"
    if (!/^\/[^/]+$/.test(pathname)) return "name the database: clickhouse://user@host:8123/database"
    const unknown = [...searchParams].find(([name, value]) => name !== "secure" || !/^(true|false)$/.test(value))
    return unknown && "only secure=true, or false, may stand behind the ?"
  },
)

/**
 * The URL of a database with what libpq's variables add to it: a host and a port where it names none. They are written
 * into the URL, so that the name on the screen and the connection are of the same server.
 */
export function withServer(databaseUrl: string, { PGHOST, PGPORT }: Variables): string {
  const url = new URL(databaseUrl)
  if (hostIn(url) === "" && PGHOST) url.searchParams.set("host", PGHOST)
  if (url.port === "" && !url.searchParams.has("port") && PGPORT) url.searchParams.set("port", PGPORT)
  return url.href === new URL(databaseUrl).href ? databaseUrl : url.href
}

/** The host that a connection goes to, as pg reads the URL: an address, a name, or the directory of a Unix socket. */
const hostIn = ({ hostname, searchParams }: URL): string =>
  searchParams.get("host") || decodeURIComponent(hostname.replace(/^\[(.+)\]$/, "$1"))

/** Whether the URL of a database says which server it is on; else libpq's variables do. */
export const namesServer = (databaseUrl: string): boolean => hostIn(new URL(databaseUrl)) !== ""

/** Default name of an environment without a profile: the host of its database, or "local". */
export function environmentOf(databaseUrl: string): string {
  const host = hostIn(new URL(databaseUrl))
  return isLoopback(host) ? "local" : host
}

/** Whether `hostname`, as written in a URL, is this host. */
export const isLoopback = (hostname: string) => LOOPBACK.test(hostname)
