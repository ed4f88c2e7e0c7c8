import { type Random, weighted } from "../random.ts"
import type { Client } from "./clients.ts"

/** One route of the platform's API, and the statistics of its requests. */
export interface Route extends Statistics {
  readonly method: string
  readonly path: (client: Client, random: Random) => string
  /** Status of a success. */
  readonly status: number
  /** Other statuses without any incident, with their shares. */
  readonly otherwise: readonly (readonly [status: number, share: number])[]
}

interface Statistics {
  /** Relative frequency. */
  readonly weight: number
  /** Duration in milliseconds: median, and the spread of the logarithm. */
  readonly median: number
  readonly spread: number
}

/** A client and its route. */
export interface Visit {
  readonly client: Client
  readonly route: Route
}

/** A route such as `GET /v1/threads/:thread`; `otherwise` holds the share of each status but that of a success. */
export function route(
  request: string,
  status: number,
  statistics: Statistics,
  otherwise: Readonly<Record<number, number>> = {},
): Route {
  const [method, template] = request.split(" ") as [string, string]
  const path = (client: Client, random: Random) =>
    template.replace(/:(thread|run|number|hex|words)\b/g, (_, part: keyof typeof PARTS) => PARTS[part](client, random))
  const others = Object.entries(otherwise).map(([other, share]) => [Number(other), share] as const)
  return { method, path, status, ...statistics, otherwise: others }
}

/** The variable parts of a path. */
const PARTS = {
  thread: ({ threads }: Client, random: Random) => random.pick(threads),
  run: ({ runs }: Client, random: Random) => random.pick(runs),
  number: (_: Client, random: Random) => String(random.between(0, 90)),
  hex: (_: Client, random: Random) => random.hex(12),
  words: (_: Client, random: Random) => encodeURIComponent(random.pick(SEARCHES)),
}

/** Routes of users in a browser and of programs with a key. */
export const routeOfClient = weighted([
  route("GET /v1/threads", 200, { weight: 16, median: 24, spread: 0.6 }),
  route("GET /v1/threads/:thread", 200, { weight: 9, median: 14, spread: 0.5 }, { 404: 0.01 }),
  route("GET /v1/threads/:thread/messages", 200, { weight: 18, median: 38, spread: 0.7 }),
  route("POST /v1/threads/:thread/messages", 201, { weight: 9, median: 46, spread: 0.6 }, { 413: 0.002, 422: 0.01 }),
  route("POST /v1/threads", 201, { weight: 3, median: 30, spread: 0.5 }),
  route("PATCH /v1/threads/:thread", 200, { weight: 1, median: 28, spread: 0.5 }, { 409: 0.02 }),
  route("DELETE /v1/threads/:thread", 204, { weight: 0.5, median: 33, spread: 0.5 }),
  route(
    "POST /v1/threads/:thread/runs",
    201,
    { weight: 8, median: 92, spread: 0.7 },
    { 402: 0.012, 429: 0.02, 500: 0.003 },
  ),
  route("GET /v1/runs/:run/events?after_seq=:number", 200, { weight: 3, median: 2_400, spread: 1 }),
  route("GET /v1/runs/:run", 200, { weight: 7, median: 12, spread: 0.5 }, { 404: 0.01 }),
  route("POST /v1/runs/:run:cancel", 202, { weight: 0.6, median: 21, spread: 0.5 }, { 409: 0.1 }),
  route("POST /v1/uploads", 201, { weight: 1.2, median: 640, spread: 0.9 }, { 413: 0.05 }),
  route("GET /v1/me", 200, { weight: 8, median: 8, spread: 0.4 }, { 401: 0.02 }),
  route("GET /v1/me/usage", 200, { weight: 2, median: 120, spread: 0.8 }),
  route("GET /v1/notifications", 200, { weight: 5, median: 15, spread: 0.5 }),
  route("GET /v1/personas", 200, { weight: 3, median: 11, spread: 0.4 }, { 304: 0.5 }),
  route("GET /v1/search?q=:words", 200, { weight: 2, median: 210, spread: 0.9 }, { 504: 0.006 }),
])

/** Routes of clients that have not signed in. */
export const routeOfStranger = weighted([
  route("POST /v1/auth/login", 200, { weight: 6, median: 88, spread: 0.3 }, { 401: 0.22, 429: 0.02 }),
  route("POST /v1/auth/refresh", 200, { weight: 9, median: 16, spread: 0.4 }, { 401: 0.06 }),
  route("POST /v1/auth/register", 201, { weight: 1, median: 130, spread: 0.4 }, { 409: 0.08, 422: 0.1 }),
  route("GET /s/:hex", 200, { weight: 3, median: 20, spread: 0.6 }, { 404: 0.2 }),
  route("GET /robots.txt", 200, { weight: 0.4, median: 2, spread: 0.3 }),
  route("GET /", 200, { weight: 3, median: 4, spread: 0.5 }, { 304: 0.4 }),
])

/** Health check of the load balancer. */
export const HEALTH_CHECK = route("GET /healthz", 200, { weight: 1, median: 1, spread: 0.3 })

const SEARCHES = [
  "quarterly report",
  "Q3 预算",
  "facture janvier",
  "Überweisung",
  "новый договор",
  "見積書",
  "invoice #4821",
]
