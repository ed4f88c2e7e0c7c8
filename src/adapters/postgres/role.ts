import { sql } from "kysely"
import type { Replica } from "../../domain/replica.ts"
import { steadyNow } from "../../domain/steady-now.ts"

/** Asked with each `begin`: a hundredth of a millisecond. */
export const ROLE = "select pg_is_in_recovery() as standby"

/**
 * Whether a standby shows all that there is: a receiver is connected, and what it received is replayed (more than that, where it
 * began again at the start of a segment). Without one this is so as well, and nobody knows what is missing.
 */
const UP_TO_DATE = `(pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn()
  and exists (select from pg_stat_wal_receiver where pid is not null))`

/** What a primary and its standbys have in common with one another, and with nothing else: the cluster, and the database in it. */
const SYSTEM_TEXT = `(select system_identifier from pg_control_system()) || '/' ||
  (select oid from pg_database where datname = current_database())`
export const SYSTEM = sql.raw<string>(SYSTEM_TEXT)

/** Of a primary: it rises with each promotion. The first digits of the name of a file of the write-ahead log. */
export const TIMELINE = "('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int"

/** The timeline that a standby follows. Who may not know what is received knows it some minutes after a promotion. */
const FOLLOWED_TIMELINE = `coalesce((select received_tli from pg_stat_wal_receiver), greatest(
  (select min_recovery_end_timeline from pg_control_recovery()), (select timeline_id from pg_control_checkpoint())))`

/** Seconds since the primary was heard, and after how many it is silent: a standby asks for a sign of life after half of the timeout. */
const HEARD = `extract(epoch from clock_timestamp() - (select last_msg_receipt_time from pg_stat_wal_receiver))::float8 as heard_s,
  nullif(extract(epoch from current_setting('wal_receiver_timeout')::interval), 0)::float8 * 0.6 as silent_after_s`

/** Asked instead of what was a standby before, a quarter of a millisecond. Whom it follows is for roles with pg_read_all_stats. */
export const LAG = `select pg_is_in_recovery() as standby,
  (case when ${UP_TO_DATE} then 0
    else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) end)::float8 as lag_s,
  (select sender_host || ':' || sender_port from pg_stat_wal_receiver) as follows,
  pg_last_wal_replay_lsn()::text as replayed, ${HEARD},
  ${SYSTEM_TEXT} as system, ${FOLLOWED_TIMELINE} as timeline`

/** The moment that the rows are of: now, and less on a standby that is behind. What is recent is so by then. */
export const SHOWN_AT = sql<string>`(select case when pg_is_in_recovery() and not ${sql.raw(UP_TO_DATE)}
  then coalesce(pg_last_xact_replay_timestamp(), now()) else now() end)`

export interface LagRow {
  readonly lag_s: number | null
  readonly follows: string | null
  readonly replayed: string | null
  readonly system: string | null
  readonly timeline: number | null
  /** Null for roles without pg_read_all_stats. */
  readonly heard_s: number | null
  readonly silent_after_s: number | null
}

/** Of a standby that does not say how far behind it is. */
export const UNTOLD: LagRow = {
  ...{ lag_s: null, follows: null, replayed: null, system: null, timeline: null },
  ...{ heard_s: null, silent_after_s: null },
}

/** A replica, and what tells whether it is one of this database, and has a change. */
export interface ReplicaState extends Replica {
  /** How far it has come in the primary's write-ahead log. */
  readonly replayed: string | null
  readonly system: string | null
  /** Of the primary that it follows. */
  readonly timeline: number | null
}

/** What the servers of a URL said last of their role. */
export class Role {
  private current: ReplicaState | undefined
  private readonly tell: (replica: Replica | undefined) => void
  /** When a standby was last without a lag, by its address. */
  private readonly caughtUp = new Map<string, number>()

  /** `tell` is called whenever a server says that it is a replica, and how far behind; and once it no longer is one. */
  constructor(tell: (replica: Replica | undefined) => void) {
    this.tell = tell
  }

  /** The replica that is connected; undefined for a primary, and before anything is known. */
  get replica(): ReplicaState | undefined {
    return this.current
  }

  /** How the next transaction learns how far behind its server is: that of a standby with its beginning. */
  get asks(): "with begin" | "once it is a standby" | "never" {
    if (this.current === undefined) return "once it is a standby"
    return this.current.system === null ? "never" : "with begin"
  }

  isPrimary(): void {
    if (this.current !== undefined) this.set(undefined)
  }

  /**
   * The time since its last transaction says too much where the primary was at rest before it. What it did not show yet when it was
   * last up to date came after that. What the primary has done since it fell silent nobody knows.
   */
  isReplica(address: string, { lag_s, heard_s, silent_after_s, ...told }: LagRow): void {
    const now = steadyNow()
    if (lag_s === 0) this.caughtUp.set(address, now - (heard_s ?? 0) * 1000)
    const isSilent = heard_s !== null && silent_after_s !== null && heard_s > silent_after_s
    const lag = (lag_s === 0 && isSilent ? heard_s : lag_s) ?? Number.POSITIVE_INFINITY
    const since = this.caughtUp.get(address)
    const most = since === undefined ? Number.POSITIVE_INFINITY : (now - since) / 1000
    const lagS = Math.min(lag, most)
    this.set({ ...told, lagS: Number.isFinite(lagS) ? Math.max(0, lagS) : null })
  }

  private set(replica: ReplicaState | undefined): void {
    this.current = replica
    this.tell(replica)
  }
}
