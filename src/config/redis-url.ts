import { type NamedServer, readServerUrl } from "./server-url.ts"

/** A server by its name or address (without brackets), and its port. */
export interface RedisHost {
  readonly host: string
  readonly port: number
}

/** What the URL of a Redis says, decoded. */
export interface RedisUrl {
  readonly isTls: boolean
  readonly user: string
  readonly password: string
  readonly database: number
  /** The one server, or the Sentinels or nodes to begin with, in the order of the URL; none where it is a socket. */
  readonly hosts: readonly RedisHost[]
  /** Path of a Unix socket. */
  readonly socket?: string
  /** The primary that the hosts, which are Sentinels, watch. */
  readonly primary?: string
  /** Whether the hosts are nodes of a Cluster. */
  readonly isCluster: boolean
}

const SCHEME = /^(?:(redis|rediss)(\+sentinel|\+cluster)?|unix):\/\//
const EXAMPLES = {
  "": "redis://host:6379/0",
  "+sentinel": "redis+sentinel://h1:26379,h2:26379,h3:26379/PRIMARY/0",
  "+cluster": "redis+cluster://h1:6379,h2:6379",
  unix: "unix:///path/of/redis.sock?db=0",
} as const
const PORTS = { "": 6379, "+sentinel": 26_379, "+cluster": 6379 }

/** Returns what is wrong with the URL of a Redis, without quoting it: it may hold a password. */
export function redisUrl(text: string): string | undefined {
  const read = readRedisUrl(text)
  return typeof read === "string" ? read : undefined
}

/** Reads the URL of a Redis; a text is what is wrong with it, without quoting it. */
export function readRedisUrl(text: string): RedisUrl | string {
  const [, base, kind = ""] = text.match(SCHEME) ?? []
  if (!SCHEME.test(text)) return `expected a URL like ${EXAMPLES[""]}`
  const form = base === undefined ? "unix" : (kind as keyof typeof PORTS)
  const example = EXAMPLES[form]
  if (/%(?![\da-f]{2}).*@/i.test(text)) return "a % in the user or the password must be written as %25"
  const url = readServerUrl(text)
  if (url === undefined) return `not a valid URL (expected ${example}; special characters as %XX)`
  const { user, password, servers, path, parameters } = url
  if ([...parameters.keys()].some(name => /sentinel|master/i.test(name))) {
    return `Sentinels are named as in ${EXAMPLES["+sentinel"]}`
  }
  const named = { isTls: base === "rediss", user, password, isCluster: form === "+cluster" }
  // Of the options only `db` counts, as in the platform's own client.
  const db = parameters.get("db") ?? ""
  if (form === "unix") {
    if (path === "" || servers.some(({ host, port }) => host !== "" || port !== "")) {
      return `the path of the socket is missing, or not absolute (expected ${example})`
    }
    if (!/^\d*$/.test(db)) return `the database must be a number (expected ${example})`
    return { ...named, hosts: [], socket: `/${path}`, database: Number(db) }
  }
  if (servers.some(({ host }) => host === "")) return `the host is missing (expected ${example})`
  if (form === "" && servers.length > 1) {
    return "several hosts in one URL; name one, or is redis+sentinel:// or redis+cluster:// meant?"
  }
  const hosts = servers.map(withPort(PORTS[form]))
  const { primary, number } = form === "+sentinel" ? splitPath(path) : { primary: undefined, number: path }
  if (primary === "") return `the name of the primary is missing (expected ${example})`
  const database = db || number || "0"
  if (!/^\d+$/.test(database)) return `the path must be a database number (expected ${example})`
  if (form === "+cluster" && Number(database) !== 0) return `a Cluster has no databases but 0 (expected ${example})`
  return { ...named, hosts, database: Number(database), ...(primary !== undefined && { primary }) }
}

const withPort =
  (usual: number) =>
  ({ host, port }: NamedServer): RedisHost => ({ host, port: Number(port || usual) })

/** The name of a primary, which may have no slash, and the number behind it. */
function splitPath(path: string): { primary: string; number: string } {
  const [primary = "", ...rest] = path.split("/")
  return { primary, number: rest.join("/") }
}
