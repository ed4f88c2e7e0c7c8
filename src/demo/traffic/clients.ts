import { type Random, weighted } from "../random.ts"
import { addressAt, PLACES, placeByWeight, placeOfServers } from "./places.ts"
import { riskOf } from "./risk.ts"

/** User of the platform whose requests the log shows; the seeded people, or any others. */
export interface Member {
  readonly userId: string
  readonly orgId: string
  /** Usual country, such as `DE`. Default: a random one. */
  readonly country?: string | undefined
  /** When they came to the platform, in epoch milliseconds. Default: before any request. */
  readonly sinceMs?: number
  readonly threads: readonly string[]
  readonly runs: readonly string[]
}

/** Sender of a request, as logged by the gateway (contract section 4). */
export interface Client {
  readonly identity: "jwt" | "api_key" | "anonymous"
  readonly orgId: string
  /** Undefined for API keys: the gateway logs none for them. */
  readonly userId: string | undefined
  readonly ip: string
  readonly country: string
  readonly city: string
  readonly userAgent: string
  readonly uaType: "human" | "bot" | "tool" | "unknown"
  /** 0 to 100, a sum of signals: not signed in, rented machine, Tor, no user agent, a bot. */
  readonly risk: number
  /** Thread ids to request; never empty. */
  readonly threads: readonly string[]
  readonly runs: readonly string[]
  /** Nothing is sent earlier, in epoch milliseconds. */
  readonly sinceMs: number
}

/** Ids in the requests of a client that is not signed in. */
export const NOBODY = { identity: "anonymous", orgId: "", userId: "", threads: [], runs: [], sinceMs: 0 } as const

type Agent = readonly [uaType: Client["uaType"], userAgent: string]

const agents = (uaType: Client["uaType"], userAgents: readonly string[]): Agent[] =>
  userAgents.map(userAgent => [uaType, userAgent])

const BROWSERS = agents("human", [
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
  "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
])

const PROGRAMS = ["python-requests/2.32.3", "curl/8.7.1", "Go-http-client/2.0", "axios/1.11.0", "okhttp/4.12.0"]
const TOOLS = [...agents("tool", PROGRAMS), ...agents("unknown", [""])]

const CRAWLERS = agents("bot", [
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
  "GPTBot/1.2 (+https://openai.com/gptbot)",
])

/** User agents of signed-in users behind Tor. */
const HIDDEN: readonly Agent[] = [
  ["human", "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"],
  ["bot", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0"],
  ["unknown", ""],
]

/** Creates the clients of one run of traffic: a fixed crowd, some of whom send far more requests than others. */
export function createClients(members: readonly Member[], random: Random): (random: Random) => Client {
  const people = members.flatMap(member => {
    const session = () => browserOf(member, random)
    return random.chance(0.25) ? [session(), session()] : [session()]
  })
  const programs = Array.from({ length: Math.ceil(members.length / 8) }, () => programOf(random.pick(members), random))
  const hidden = [...HIDDEN, ...HIDDEN].map(agent => hiddenOf(random.pick(members), agent, random))
  const strangers = Array.from({ length: 120 }, () => strangerOf(random))
  const busy = <T extends Client>(clients: readonly T[], share: number) => {
    const weights = clients.map(() => random.logNormal(1, 1))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return clients.map((client, i) => ({ client, weight: (share * (weights[i] as number)) / total }))
  }
  const pick = weighted([
    ...busy(people, 0.675),
    ...busy(hidden, 0.005),
    ...busy(programs, 0.2),
    ...busy(strangers, 0.12),
  ])
  return random => pick(random).client
}

function browserOf(member: Member, random: Random): Client {
  const [uaType, userAgent] = random.pick(BROWSERS)
  return {
    ...idsOf(member, random),
    ...whereabouts(random, homeOf(member, random)),
    identity: "jwt",
    userId: member.userId,
    uaType,
    userAgent,
    risk: 0,
  }
}

/** Creates a legitimate client that a careless risk threshold would lock out. */
function hiddenOf(member: Member, [uaType, userAgent]: Agent, random: Random): Client {
  return {
    ...idsOf(member, random),
    ip: addressAt(placeOfServers(random), random),
    country: "T1",
    city: "",
    identity: "jwt",
    userId: member.userId,
    uaType,
    userAgent,
    risk: riskOf("tor", uaType),
  }
}

function programOf(member: Member, random: Random): Client {
  const [uaType, userAgent] = random.pick(TOOLS)
  const rented = random.chance(0.6)
  const risk = riskOf(uaType, ...(rented ? (["hosting"] as const) : []))
  const where = whereabouts(random, rented ? placeOfServers : placeByWeight)
  return { ...idsOf(member, random), ...where, identity: "api_key", userId: undefined, uaType, userAgent, risk }
}

function strangerOf(random: Random): Client {
  const crawler = random.chance(0.25)
  const [uaType, userAgent] = random.pick(crawler ? CRAWLERS : BROWSERS)
  const where = whereabouts(random, crawler ? placeOfServers : placeByWeight)
  const risk = riskOf("anonymous", uaType, ...(crawler ? (["hosting"] as const) : []))
  return { ...NOBODY, ...where, threads: [random.uuid()], runs: [random.uuid()], uaType, userAgent, risk }
}

/** Ids in the requests of `member`, and since when there are any. */
export function idsOf(
  { orgId, threads, runs, sinceMs = 0 }: Member,
  random: Random,
): Pick<Client, "orgId" | "threads" | "runs" | "sinceMs"> {
  const orOneMore = (ids: readonly string[]) => (ids.length > 0 ? ids : [random.uuid()])
  return { orgId, sinceMs, threads: orOneMore(threads), runs: orOneMore(runs) }
}

/** Some users travel. */
function homeOf({ country }: Member, random: Random): typeof placeByWeight {
  const home = PLACES.find(place => place.country === country)
  return home && random.chance(0.85) ? () => home : placeByWeight
}

function whereabouts(random: Random, placeOf = placeByWeight): Pick<Client, "ip" | "country" | "city"> {
  const place = placeOf(random)
  return { ip: addressAt(place, random), country: place.country, city: random.pick(place.cities) }
}
