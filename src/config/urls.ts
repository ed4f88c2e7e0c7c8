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

/** Default name of an environment without a profile: its database's host, or "local". */
export function environmentOf(databaseUrl: string): string {
  const { hostname } = new URL(databaseUrl)
  return isLoopback(hostname) ? "local" : hostname
}

/** Whether `hostname`, as written in a URL, is this host. */
export const isLoopback = (hostname: string) => LOOPBACK.test(hostname)
