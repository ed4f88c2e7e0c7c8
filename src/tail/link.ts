import type { Remedy } from "../adapters/redis/errors.ts"
import type { LogEvent } from "../adapters/redis/follow-log.ts"
import { steadyNow } from "../domain/steady-now.ts"

/** State of the connection to the stream. Times are those of `steadyNow`; in the console, of this host's clock. */
export type Link =
  | { readonly state: "connecting" }
  /** `isGone`: Redis answers, and there is no stream. */
  | { readonly state: "live"; readonly heardAt: number; readonly isGone?: boolean }
  | {
      readonly state: "reconnecting"
      readonly heardAt: number | null
      readonly reason: string
      readonly attempt: number
      readonly retryAt: number
      /** What an operator has to fix first, if anything. */
      readonly remedy?: Remedy
    }

/** A live link without an event for this long is stale; a healthy one has one every two seconds at least. */
const STALE_AFTER_MS = 3500

export const linkIsStale = (link: Link, now: number): boolean =>
  link.state === "live" && now - link.heardAt > STALE_AFTER_MS

/** Whether nothing comes over it now: it is not live, does not answer, or there is no stream. */
export const isDown = (link: Link, now: number): boolean =>
  link.state !== "live" || linkIsStale(link, now) || link.isGone === true

/** Returns the reason why Redis rejected the password, if it did. */
export const passwordRefusal = (link: Link | undefined): string | undefined =>
  link?.state === "reconnecting" && link.remedy === "credentials" ? link.reason : undefined

/** Returns `link` with its times by this host's clock, as it is set now; each snapshot is read anew. */
export function inHostTime<Any extends Link>(link: Any): Any {
  const ahead = Date.now() - steadyNow()
  const moved = (time: number | null) => (time === null ? null : time + ahead)
  return {
    ...link,
    ...("heardAt" in link && { heardAt: moved(link.heardAt) }),
    ...("retryAt" in link && { retryAt: moved(link.retryAt) }),
  }
}

/** Returns the link after `event` was received at `now`. */
export function nextLink(link: Link, event: LogEvent, now: number): Link {
  if (event.kind !== "disconnected") {
    return { state: "live", heardAt: now, isGone: event.kind === "idle" && !event.exists }
  }
  const { reason, attempt, retryInMs, remedy } = event
  const heardAt = link.state === "connecting" ? null : link.heardAt
  return { state: "reconnecting", heardAt, reason, attempt, retryAt: now + retryInMs, ...(remedy && { remedy }) }
}
