import type { Random } from "../random.ts"
import { weighted } from "../random.ts"
import type { Client } from "./clients.ts"

/** One route of the platform's API, and the statistics of its requests. */
export interface Route {
  readonly method: string
  readonly path: (client: Client, random: Random) => string
  /** Relative frequency. */
  readonly weight: number
  /** Duration in milliseconds: median, and the spread of the logarithm. */
  readonly median: number
  readonly spread: number
  /** Status of a success. */
  readonly status: number
  /** Other statuses without any incident, with their shares. */
  readonly otherwise?: readonly (readonly [status: number, share: number])[]
}

const thread = (client: Client, random: Random) => `/v1/threads/${random.pick(client.threads)}`
const run = (client: Client, random: Random) => `/v1/runs/${random.pick(client.runs)}`

/** A client and its route. */
export interface Visit {
  readonly client: Client
  readonly route: Route
}

/** Routes of users in a browser and of programs with a key. */
export const routeOfClient = weighted<Route>([
  { method: "GET", path: () => "/v1/threads", weight: 16, median: 24, spread: 0.6, status: 200 },
  { method: "GET", path: thread, weight: 9, median: 14, spread: 0.5, status: 200, otherwise: [[404, 0.01]] },
  { method: "GET", path: (c, r) => `${thread(c, r)}/messages`, weight: 18, median: 38, spread: 0.7, status: 200 },
  {
    method: "POST",
    path: (c, r) => `${thread(c, r)}/messages`,
    weight: 9,
    median: 46,
    spread: 0.6,
    status: 201,
    otherwise: [
      [422, 0.01],
      [413, 0.002],
    ],
  },
  { method: "POST", path: () => "/v1/threads", weight: 3, median: 30, spread: 0.5, status: 201 },
  { method: "PATCH", path: thread, weight: 1, median: 28, spread: 0.5, status: 200, otherwise: [[409, 0.02]] },
  { method: "DELETE", path: thread, weight: 0.5, median: 33, spread: 0.5, status: 204 },
  {
    method: "POST",
    path: (c, r) => `${thread(c, r)}/runs`,
    weight: 8,
    median: 92,
    spread: 0.7,
    status: 201,
    otherwise: [
      [402, 0.012],
      [429, 0.02],
      [500, 0.003],
    ],
  },
  {
    method: "GET",
    path: (c, r) => `${run(c, r)}/events?after_seq=${r.between(0, 90)}`,
    weight: 3,
    median: 2_400,
    spread: 1,
    status: 200,
  },
  { method: "GET", path: run, weight: 7, median: 12, spread: 0.5, status: 200, otherwise: [[404, 0.01]] },
  {
    method: "POST",
    path: (c, r) => `${run(c, r)}:cancel`,
    weight: 0.6,
    median: 21,
    spread: 0.5,
    status: 202,
    otherwise: [[409, 0.1]],
  },
  {
    method: "POST",
    path: () => "/v1/uploads",
    weight: 1.2,
    median: 640,
    spread: 0.9,
    status: 201,
    otherwise: [[413, 0.05]],
  },
  { method: "GET", path: () => "/v1/me", weight: 8, median: 8, spread: 0.4, status: 200, otherwise: [[401, 0.02]] },
  { method: "GET", path: () => "/v1/me/usage", weight: 2, median: 120, spread: 0.8, status: 200 },
  { method: "GET", path: () => "/v1/notifications", weight: 5, median: 15, spread: 0.5, status: 200 },
  {
    method: "GET",
    path: () => "/v1/personas",
    weight: 3,
    median: 11,
    spread: 0.4,
    status: 200,
    otherwise: [[304, 0.5]],
  },
  {
    method: "GET",
    path: (_, r) => `/v1/search?q=${encodeURIComponent(r.pick(SEARCHES))}`,
    weight: 2,
    median: 210,
    spread: 0.9,
    status: 200,
    otherwise: [[504, 0.006]],
  },
])

/** Routes of clients that have not signed in. */
export const routeOfStranger = weighted<Route>([
  {
    method: "POST",
    path: () => "/v1/auth/login",
    weight: 6,
    median: 88,
    spread: 0.3,
    status: 200,
    otherwise: [
      [401, 0.22],
      [429, 0.02],
    ],
  },
  {
    method: "POST",
    path: () => "/v1/auth/refresh",
    weight: 9,
    median: 16,
    spread: 0.4,
    status: 200,
    otherwise: [[401, 0.06]],
  },
  {
    method: "POST",
    path: () => "/v1/auth/register",
    weight: 1,
    median: 130,
    spread: 0.4,
    status: 201,
    otherwise: [
      [409, 0.08],
      [422, 0.1],
    ],
  },
  {
    method: "GET",
    path: (_, r) => `/s/${r.hex(12)}`,
    weight: 3,
    median: 20,
    spread: 0.6,
    status: 200,
    otherwise: [[404, 0.2]],
  },
  { method: "GET", path: () => "/robots.txt", weight: 0.4, median: 2, spread: 0.3, status: 200 },
  { method: "GET", path: () => "/", weight: 3, median: 4, spread: 0.5, status: 200, otherwise: [[304, 0.4]] },
])

/** Health check of the load balancer. */
export const HEALTH_CHECK: Route = {
  method: "GET",
  path: () => "/healthz",
  weight: 1,
  median: 1,
  spread: 0.3,
  status: 200,
}

const SEARCHES = [
  "quarterly report",
  "Q3 预算",
  "facture janvier",
  "Überweisung",
  "новый договор",
  "見積書",
  "invoice #4821",
]
