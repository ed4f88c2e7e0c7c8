import type { Timeline } from "./access-log-timeline.ts"
import { sharesIn } from "./bursts.ts"

/** Share of errors or refusals from which on it is named while nothing is usual yet. */
const MATTERS = { failed: 0.05, refused: 0.2 }
/** What part of the requests is refused or fails, 0 to 1. */
type Usual = ReturnType<typeof sharesIn>

/** What the last minute is measured against begins before it. */
const RECENT_MS = 60_000
/** With fewer requests than this before it there is nothing usual yet. */
const LEAST_REQUESTS = 200
/** How many spreads a count is off to be unusual: a random count deviates by about the square root of its mean. */
const SPREADS = 3

/** Returns the usual shares by what is held before the last minute; undefined while that is too little to tell. */
export function usualOf(timeline: Timeline): Usual | undefined {
  const { ok, barMs } = timeline
  const recent = Math.ceil(RECENT_MS / barMs)
  const shares = sharesIn(timeline, 0, Math.max(0, ok.length - recent))
  return shares.requests < LEAST_REQUESTS ? undefined : shares
}

/**
 * Tells whether so many of `requests` are unusual: more than chance makes of the usual share. Where nothing is usual yet,
 * from a fixed share on, of which one request alone is none.
 */
export function isUnusual(outcome: "refused" | "failed", share: number, requests: number, usual: Usual | undefined) {
  if (usual === undefined) return share >= MATTERS[outcome] && share * requests >= 1.5
  const expected = usual[outcome] * requests
  return share * requests > expected + SPREADS * Math.sqrt(expected + 1)
}
