import type { Member } from "./clients.ts"
import { type Incident, incidentAt, QUIET_SCANNER_SHARE, scannerShareAt } from "./shape.ts"

/** Scenario of the traffic, in place of random incidents and raids. */
export type Story =
  /** Credential stuffing by the owner of the account. */
  | { readonly scenario: "attack"; readonly account: Member }
  /** A bad deployment at `since`, in epoch milliseconds. */
  | { readonly scenario: "deploy"; readonly since: number }

/** Effects on all requests over time. */
export interface Course {
  incidentAt(ms: number): Incident | undefined
  /** The share of requests that are scanners', 0 to 1. */
  scannerShareAt(ms: number): number
}

/** Starting runs mostly fails, and takes longer. */
const BAD_DEPLOYMENT: Incident = {
  affects: (method, path) => method === "POST" && /^\/v1\/threads\/[^/]+\/runs$/.test(path),
  statuses: [500, 503],
  share: 0.8,
  slowdown: 6,
}

export function courseOf(story: Story | undefined, seed: number): Course {
  if (story === undefined) {
    return { incidentAt: ms => incidentAt(ms, seed), scannerShareAt: ms => scannerShareAt(ms, seed) }
  }
  const isDeployed = (ms: number) => story.scenario === "deploy" && ms >= story.since
  return {
    incidentAt: ms => (isDeployed(ms) ? BAD_DEPLOYMENT : undefined),
    scannerShareAt: () => QUIET_SCANNER_SHARE,
  }
}
