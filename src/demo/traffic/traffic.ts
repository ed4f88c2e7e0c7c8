import { Random } from "../random.ts"
import { type Client, createClients, type Member, NOBODY } from "./clients.ts"
import { createAttacks } from "./hostile.ts"
import { RISK_REJECTED, riskOf } from "./risk.ts"
import { HEALTH_CHECK, type Route, routeOfClient, routeOfStranger, type Visit } from "./routes.ts"
import { type Incident, rateAt } from "./shape.ts"
import { courseOf, type Story } from "./story.ts"
import { createStuffing } from "./stuffing.ts"

/** Fields of one stream entry, named and formatted as by the gateway (contract section 4). */
export type LoggedRequest = readonly (readonly [name: string, value: string | Buffer])[]

/** Realistic requests of a platform. The same seed, members, times and story give the same requests. */
export interface Traffic {
  /** Returns the rate at `ms` (epoch milliseconds) for an average rate of `base`. */
  rateAt(ms: number, base: number): number
  /** Next request, finished at `ms` (epoch milliseconds); the API refuses users whose sessions `ended`, by id. */
  requestAt(ms: number, ended?: ReadonlySet<string>): LoggedRequest
}

interface Outcome {
  readonly status: number
  readonly durationMs: number
}

/** The gateway's own timeout limits every duration. */
const GATEWAY_TIMEOUT_MS = 60_000
const RATE_LIMITED_SHARE = 0.006
const HEALTH_CHECK_SHARE = 0.03
/** Too little to be seen in the rate. */
const STUFFING_SHARE = 0.05

/** `draw` is another one of the same clients: a second traffic with the same seed, whose requests are others. */
export function createTraffic(members: readonly Member[], seed: number, story?: Story, draw = 0): Traffic {
  const creation = new Random(seed)
  const clientOf = createClients(members, creation)
  const attackOf = createAttacks(creation)
  const attack = story?.scenario === "attack" ? story : undefined
  const stuffingOf = attack && createStuffing(attack.account, creation)
  const course = courseOf(story, seed)
  const random = draw === 0 ? creation : new Random(Math.imul(seed + 1, 0x9e3779b1) + draw)

  function visitOf(ms: number): Visit {
    if (stuffingOf && ms >= attack.since && random.chance(STUFFING_SHARE)) return stuffingOf(random)
    let client = clientOf(random)
    while (client.sinceMs > ms) client = clientOf(random)
    return { client, route: client.identity === "anonymous" ? routeOfStranger(random) : routeOfClient(random) }
  }

  function requestAt(ms: number, ended: ReadonlySet<string> = new Set()): LoggedRequest {
    if (random.chance(course.scannerShareAt(ms))) {
      const { method, path, client } = attackOf(random)
      return fields(ms, method, path, client, attackOutcome(client, random), random)
    }
    if (random.chance(HEALTH_CHECK_SHARE)) {
      return fields(ms, "GET", "/healthz", LOAD_BALANCER, outcomeOf(HEALTH_CHECK, undefined, random), random)
    }
    const { client, route } = visitOf(ms)
    const path = route.path(client, random)
    if (random.chance(RATE_LIMITED_SHARE)) return fields(ms, route.method, path, client, RATE_LIMITED, random)
    if (client.userId !== undefined && ended.has(client.userId)) {
      return fields(ms, route.method, path, client, UNAUTHORIZED, random)
    }
    const incident = course.incidentAt(ms)
    const outcome = outcomeOf(route, incident?.affects(route.method, path, client.orgId) ? incident : undefined, random)
    return fields(ms, route.method, path, client, outcome, random)
  }

  return { rateAt: (ms, base) => rateAt(ms, base, seed), requestAt }
}

const LOAD_BALANCER: Client = {
  ...NOBODY,
  ip: "10.0.3.17",
  country: "",
  city: "",
  userAgent: "ELB-HealthChecker/2.0",
  uaType: "bot",
  risk: riskOf("anonymous", "bot"),
}

/** Answered by the gateway itself, in no time. */
const RATE_LIMITED: Outcome = { status: 429, durationMs: 1 }
const REJECTED: Outcome = { status: 403, durationMs: 0 }
/** Answered by the API, which checks the token first. */
const UNAUTHORIZED: Outcome = { status: 401, durationMs: 2 }

function outcomeOf(route: Route, incident: Incident | undefined, random: Random): Outcome {
  const durationMs = Math.min(
    GATEWAY_TIMEOUT_MS,
    Math.round(random.logNormal(route.median, route.spread) * (incident?.slowdown ?? 1)),
  )
  if (incident && random.chance(incident.share)) return { status: random.pick(incident.statuses), durationMs }
  for (const [status, share] of route.otherwise) if (random.chance(share)) return { status, durationMs }
  return { status: route.status, durationMs }
}

function attackOutcome({ risk }: Client, random: Random): Outcome {
  if (risk >= RISK_REJECTED) return REJECTED
  if (random.chance(0.1)) return RATE_LIMITED
  return {
    status: random.chance(0.85) ? 404 : random.pick([400, 401, 405]),
    durationMs: Math.round(random.logNormal(3, 0.6)),
  }
}

function fields(
  ms: number,
  method: string,
  path: string | Buffer,
  client: Client,
  outcome: Outcome,
  random: Random,
): LoggedRequest {
  // The gateway logs requests that it rejects itself with risk 0.
  const risk = outcome === REJECTED || outcome === RATE_LIMITED ? 0 : client.risk
  const pairs: [string, string | Buffer][] = [
    ["ts", `${new Date(ms).toISOString().slice(0, 19)}Z`],
    ["trace_id", random.hex(32)],
    ["method", method],
    ["path", path],
    ["status", String(outcome.status)],
    ["duration_ms", String(outcome.durationMs)],
    ["client_ip", client.ip],
    ["country", client.country],
    ["city", client.city],
    ["user_agent", client.userAgent],
    ["ua_type", client.uaType],
    ["risk_score", String(risk)],
    ["identity_type", client.identity],
    ["org_id", client.orgId],
  ]
  if (client.userId !== undefined) pairs.push(["user_id", client.userId])
  return pairs
}
