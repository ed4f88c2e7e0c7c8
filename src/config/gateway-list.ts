import { redisUrl } from "./redis-url.ts"

/** One of several gateways, as a profile lists it. */
export interface ListedGateway {
  readonly name: string
  /** Default: the profile's, as the gateway's Redis is given where there is one gateway. */
  readonly redisUrl?: string
  readonly stream?: string
}

const MEMBERS: readonly string[] = ["name", "redisUrl", "stream"] satisfies (keyof ListedGateway)[]

/** The ring keeps which it is in a byte. */
const MOST = 100

/** Names are typed in filters, and are names of files. */
const NAME = /^[\w.-]{1,32}$/

/** Returns what is wrong with the list of gateways, without quoting a URL: it may hold a password. */
export function gatewayList(list: readonly unknown[]): string | undefined {
  if (list.length > MOST) return `lists ${list.length} gateways; ${MOST} are the most`
  if (list.length === 0) return "is empty: leave it out where there is one gateway"
  const names = new Set<string>()
  for (const [index, one] of list.entries()) {
    const problem = problemOfOne(one)
    if (problem !== undefined) return `[${index}]${problem}`
    const { name } = one as ListedGateway
    if (names.has(name)) return `[${index}].name: there is another ${name}`
    names.add(name)
  }
  return undefined
}

function problemOfOne(one: unknown): string | undefined {
  if (typeof one !== "object" || one === null || Array.isArray(one)) return `: expected an object with a name`
  const unknown = Object.keys(one).find(member => !MEMBERS.includes(member))
  if (unknown !== undefined) return `: no member ${unknown}; there are ${MEMBERS.join(", ")}`
  const { name, redisUrl: url, stream } = one as Readonly<Record<string, unknown>>
  if (typeof name !== "string" || !NAME.test(name)) {
    return ".name: expected up to 32 letters, digits, dots, dashes and underscores"
  }
  if (url !== undefined && typeof url !== "string") return ".redisUrl: expected a text"
  if (stream !== undefined && (typeof stream !== "string" || stream === "")) return ".stream: expected a text"
  const problem = url === undefined ? undefined : redisUrl(url)
  return problem && `.redisUrl: ${problem}`
}
