import { chanceOfText } from "../random.ts"
import type { Member } from "./clients.ts"
import { type Incident, incidentAt, QUIET_SCANNER_SHARE, scannerShareAt } from "./shape.ts"

/** Scenario of the traffic, in place of random incidents and raids. */
export type Story =
  /** Credential stuffing by the owner of the account since `since`, in epoch milliseconds. */
  | { readonly scenario: "attack"; readonly account: Member; readonly since: number }
  /** A bad deployment: tried with a tenth of the organizations from `tried` on, and for all since `since`, in epoch milliseconds. */
  | { readonly scenario: "deploy"; readonly tried: number; readonly since: number }

/** Effects on all requests over time. */
export interface Course {
  incidentAt(ms: number): Incident | undefined
  /** The share of requests that are scanners', 0 to 1. */
  scannerShareAt(ms: number): number
}

/** It is taken back after six minutes, and then made anyway. */
const TRIED_SHARE = 0.1
const TRIED_MS = 6 * 60_000

/** Starting runs mostly fails, and takes longer. */
const BAD_DEPLOYMENT: Incident = {
  affects: (method, path) => method === "POST" && /^\/v1\/threads\/[^/]+\/runs$/.test(path),
  statuses: [500, 503],
  share: 0.8,
  slowdown: 6,
}

/** The same for the organizations that a deployment is tried with. */
const TRIED_DEPLOYMENT: Incident = {
  ...BAD_DEPLOYMENT,
  affects: (method, path, orgId) => chanceOfText(orgId) < TRIED_SHARE && BAD_DEPLOYMENT.affects(method, path, orgId),
}

export function courseOf(story: Story | undefined, seed: number): Course {
  if (story === undefined) {
    return { incidentAt: ms => incidentAt(ms, seed), scannerShareAt: ms => scannerShareAt(ms, seed) }
  }
  return {
    incidentAt: ms => {
      if (story.scenario !== "deploy") return undefined
      if (ms >= story.since) return BAD_DEPLOYMENT
      return ms >= story.tried && ms < story.tried + TRIED_MS ? TRIED_DEPLOYMENT : undefined
    },
    scannerShareAt: () => QUIET_SCANNER_SHARE,
  }
}
