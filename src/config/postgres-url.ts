import { isIP } from "node:net"
import { type NamedServer, readServerUrl } from "./server-url.ts"

/** What is said of a connection, by libpq's keywords (PostgreSQL's manual, "Parameter Key Words"). */
export type Parameters = ReadonlyMap<string, string>

/** libpq's `target_session_attrs`: which of several servers will do. */
const SESSION_ATTRIBUTES = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const
export type SessionAttributes = (typeof SESSION_ATTRIBUTES)[number]

const EXAMPLE = "postgres://user@host:5432/database"

/** Returns what is wrong with the URL of a PostgreSQL, without quoting it: it may hold a password. */
export function postgresUrl(text: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(text)) return `expected a URL like ${EXAMPLE}`
  const parameters = readPostgresUrl(text)
  if (parameters === undefined) return `not a valid URL (expected ${EXAMPLE}; special characters as %XX)`
  return problemIn(parameters)
}

/** Reads the URL of a PostgreSQL; what stands behind its `?` wins, as in libpq. Undefined for one that is not valid. */
export function readPostgresUrl(text: string): Parameters | undefined {
  const url = readServerUrl(text)
  if (url === undefined || !/^postgres(ql)?$/.test(url.scheme)) return undefined
  const { user, password, servers, path, parameters } = url
  const said = [
    ["host", list(servers.map(({ host }) => host))],
    ["port", list(servers.map(({ port }) => port))],
    ...Object.entries({ user, password, dbname: path }),
    ...parameters,
  ] as [string, string][]
  return new Map(said.filter(([, value]) => value !== ""))
}

/** A list with commas; "" where it says nothing at all. */
const list = (parts: readonly string[]) => (parts.some(part => part !== "") ? parts.join(",") : "")

/** Writes what `readPostgresUrl` reads. */
export const writePostgresUrl = (parameters: Parameters): string =>
  `postgres:///?${new URLSearchParams([...parameters])}`

/** A server, and where it is to be reached where that is not to be asked for by its name. */
export interface PostgresHost extends NamedServer {
  readonly address: string
}

/** The servers, in their order; one port, or none, is that of all of them. */
export function serversIn(parameters: Parameters): readonly PostgresHost[] {
  const addresses = (parameters.get("hostaddr") ?? "").split(",")
  const hosts = parameters.get("host")?.split(",") ?? addresses
  const ports = (parameters.get("port") ?? "").split(",")
  return hosts.map((host, i) => {
    return { host, address: addresses[i] ?? "", port: (ports.length === 1 ? ports[0] : ports[i]) ?? "" }
  })
}

const isPort = (text: string) => text === "" || (/^\d+$/.test(text) && Number(text) > 0 && Number(text) <= 65_535)

const TLS_VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]

/** What libpq knows and opsdeck cannot keep to: values that ask for nothing, and why any other is refused. */
const REFUSED: Readonly<Record<string, readonly [nothing: RegExp, why: string]>> = {
  gssencmode: [/^(|disable|prefer)$/, "GSSAPI's encryption is not supported; TLS is: sslmode=verify-full"],
  require_auth: [/^$/, "which ways of signing in will do cannot be said; sslmode=verify-full says whose server it is"],
  requirepeer: [/^$/, "the owner of a socket cannot be asked for"],
  replication: [/^(|false|off|no|0)$/, "a connection for replication takes no queries"],
  sslcertmode: [/^(|allow)$/, "a certificate is shown where sslcert names one, and the server asks"],
  sslcrldir: [/^$/, "directories of revoked certificates are not read; sslcrl names a file"],
}

/** Returns what is wrong with parameters, naming the keyword and the remedy. */
export function problemIn(parameters: Parameters): string | undefined {
  const one = (keyword: string, choices: readonly string[]) => {
    const value = parameters.get(keyword)
    return value === undefined || choices.includes(value) ? undefined : `${keyword} is one of ${choices.join(", ")}`
  }
  const ports = parameters.get("port")?.split(",") ?? []
  const addresses = parameters.get("hostaddr")?.split(",") ?? []
  const count = serversIn(parameters).length
  if (ports.some(port => !isPort(port))) return "a port is a number from 1 to 65535"
  if (ports.length > 1 && ports.length !== count) {
    return `${ports.length} ports for ${count} ${count === 1 ? "host" : "hosts"}: name one port, or one for each host`
  }
  if (!/^\d*$/.test(parameters.get("connect_timeout") ?? "")) return "connect_timeout is a number of seconds"
  if (parameters.get("sslmode") === "no-verify") {
    return "certificates are always checked; use sslmode=verify-full, with sslrootcert=FILE for a private authority"
  }
  if (addresses.some(address => address !== "" && isIP(address) === 0)) return "hostaddr is an address, not a name"
  if (addresses.length > 0 && addresses.length !== count) {
    return `${addresses.length} addresses in hostaddr for ${count} ${count === 1 ? "host" : "hosts"}: name one for each host`
  }
  const refused = Object.entries(REFUSED).find(([keyword, [nothing]]) => !nothing.test(parameters.get(keyword) ?? ""))
  if (refused !== undefined) return `${refused[0]}: ${refused[1][1]}`
  return (
    one("target_session_attrs", SESSION_ATTRIBUTES) ??
    one("load_balance_hosts", ["disable", "random"]) ??
    one("channel_binding", ["disable", "prefer", "require"]) ??
    one("ssl_min_protocol_version", TLS_VERSIONS) ??
    one("ssl_max_protocol_version", TLS_VERSIONS)
  )
}
