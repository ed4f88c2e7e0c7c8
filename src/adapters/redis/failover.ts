import type { Gap } from "./gap.ts"
import type { Server } from "./session.ts"
import { orderOfIds } from "./stream-ids.ts"
import type { StreamInfo } from "./stream-info.ts"

/** A look at the stream, and the server that it was on. */
export type Last = Server & { readonly info: StreamInfo }

/** A replica that was promoted to take the place of the primary that was read, which is yet to be told: plain data. */
export interface Failover {
  /** How many entries it lacks at least, of those that were known to be there and were not read. */
  readonly least: number
  /** An id that no entry of the former primary is beyond, as far as their clocks agree. */
  readonly until: string
}

/** The first look at the stream on a server that took the place of another one; `now` is its time, in ms since the epoch. */
export interface FirstLook {
  readonly server: Server
  readonly info: StreamInfo
  readonly now: number
}

/**
 * Returns the failover that led from the server of the last look, of whose entries `accounted` were read, to another one;
 * undefined where that one was not promoted. Replication is asynchronous, so entries that were added in a primary's last moments
 * may never have reached the replica, whether others come after them or not: nobody counted them on both. So it is told each
 * time. A failover is rare, and silence would say that nothing is missing. A server that was restarted does not say of itself that
 * it took another's place: what it did not save is told where the counts show it.
 */
export function failoverOf(
  last: Last,
  accounted: number | undefined,
  { server, info, now }: FirstLook,
): Failover | undefined {
  if (server.before === undefined || server.before !== last.history) return undefined
  const { added = Number.POSITIVE_INFINITY } = info
  const known = Math.max(accounted ?? Number.POSITIVE_INFINITY, added)
  return { least: Math.max(0, (last.info.added ?? 0) - known), until: `${Math.floor(now)}-0` }
}

/** What may have been lost in a failover, behind the entry `from`, as it is told with the stream in the state `info`. */
export function gapOf({ least, until }: Failover, from: string, { lastId }: StreamInfo): Gap {
  const to = [from, lastId, until].reduce((one, other) => (orderOfIds(one, other) < 0 ? other : one))
  return { lost: least, from, to, exact: false, failover: true }
}
