/** A server as a URL names it: a name, an address without brackets, or the directory of a socket; "" where nothing is said. */
export interface NamedServer {
  readonly host: string
  readonly port: string
}

/** The parts of a URL with any number of servers in it, which `new URL` does not take. All are decoded. */
export interface ServerUrl {
  readonly scheme: string
  readonly user: string
  readonly password: string
  /** In the order of the URL; one without a name where it names none. */
  readonly servers: readonly NamedServer[]
  /** Without the first slash. */
  readonly path: string
  readonly parameters: URLSearchParams
}

/** Reads `scheme://user:password@host:port,host:port/path?name=value`; undefined for what is none, or not escaped. */
export function readServerUrl(text: string): ServerUrl | undefined {
  const [whole, scheme = "", authority = "", path = "", query = ""] =
    text.trim().match(/^([a-z][a-z+]*):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?$/s) ?? []
  // A `#`, `/` or `?` in a password ends the authority early: the rest of the password is then part of a path.
  if (whole === undefined || `${path}${query}`.includes("@")) return undefined
  const at = authority.lastIndexOf("@")
  const [user = "", ...rest] = authority.slice(0, Math.max(at, 0)).split(":")
  const servers = authority
    .slice(at + 1)
    .split(",")
    .map(namedServer)
  const texts = [user, rest.join(":"), path.slice(1)].map(decoded)
  if (![...servers, ...texts].every(part => part !== undefined)) return undefined
  return {
    ...{ scheme, user: texts[0] as string, password: texts[1] as string, path: texts[2] as string },
    ...{ servers: servers as NamedServer[], parameters: new URLSearchParams(query) },
  }
}

function namedServer(text: string): NamedServer | undefined {
  const [whole, written = "", port = ""] = text.match(/^(\[[^\]]*\]|[^:[\]]*)(?::(\d*))?$/) ?? []
  // The zone of an address that is valid on its link alone (fe80::1%25eth0) is no part of a web address.
  const named = written.replace(/%25[\w.~-]+(?=\]$)/, "")
  if (whole === undefined || !URL.canParse(`server://${named || "any"}:${port}`)) return undefined
  const host = decoded(written.replace(/^\[(.*)\]$/, "$1"))
  return host === undefined ? undefined : { host, port }
}

/** A part without its %XX; a % that begins none of them is itself. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, "%25"))
  } catch {
    return undefined
  }
}

/** A host as it stands before its port. */
export const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host)
