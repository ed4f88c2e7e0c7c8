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

/** Whether `hostname`, as written in a URL, is this host. */
export const isLoopback = (hostname: string) => LOOPBACK.test(hostname)
