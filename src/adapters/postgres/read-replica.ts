import { sql } from "kysely"
import { asDeckError, DeckError } from "../../domain/errors.ts"
import { lagOf, type Replica } from "../../domain/replica.ts"
import { steadyNow } from "../../domain/steady-now.ts"
import { openPostgres, type Postgres } from "./connection.ts"
import { type ReplicaState, SYSTEM, TIMELINE } from "./role.ts"

/** Where the last reading was: on the replica, or on the primary and why. */
export type ReadFrom = { readonly replica: Replica } | { readonly primary: string }

export interface ReadReplicaOptions {
  readonly url: string
  /** A replica that is further behind, in seconds, is not read. */
  readonly maxLagS: number
}

/** A replica that cannot be reached is not asked again for so long: each attempt may take seconds. */
const RESTS_MS = 30_000

/** How often the primary is asked what it is, and where its log is. */
const ASKED_EVERY_MS = 5_000

interface Primary {
  /** The cluster and the database. */
  readonly system: string
  /** Null while a standby is read in its place, and where it does not say. */
  readonly timeline: number | null
  readonly address: string
  at: number
}

/** Why a reading that has begun on the replica is the primary's after all. */
class Unfit extends DeckError {
  constructor(why: string) {
    super("unavailable", why)
  }
}

/**
 * Reads from a replica what may be some seconds old, and from the primary whenever the replica will not do: too far behind, out of
 * reach, of another database, or without the last change that was made here. Writes go to the primary.
 */
export class ReadReplica implements Postgres {
  private readonly primary: Postgres
  private readonly standby: Postgres
  private readonly maxLagS: number
  private from: ReadFrom | undefined
  /** What the primary is. */
  private known: Primary | undefined
  /** Where the primary's log was, and when, until the replica has that. */
  private mark: { readonly position: bigint; readonly at: number } | undefined
  private restsUntil = 0
  /** Where the primary's log was after the last change made here; until that is known, the time until which the replica is not read. */
  private awaited: bigint | undefined
  private heldUntil = 0

  /** Throws DeckError("invalid") for a malformed URL. Connects at first use. */
  constructor(primary: Postgres, { url, maxLagS }: ReadReplicaOptions) {
    this.primary = primary
    this.standby = openPostgres({ url, hasAlternative: true })
    this.maxLagS = maxLagS
  }

  /** Where the last reading was; undefined before the first. */
  get readFrom(): ReadFrom | undefined {
    return this.from
  }

  async run<T>(query: Parameters<typeof this.primary.run<T>>[0], signal?: AbortSignal, timeoutMs?: number): Promise<T> {
    const why = await this.why(signal)
    if (why === undefined) {
      try {
        return await this.standby.run(
          db => {
            this.from = { replica: this.fitting(this.standby.replica) }
            return query(db)
          },
          signal,
          timeoutMs,
        )
      } catch (error) {
        this.from = { primary: this.reasonOf(error) }
      }
    } else {
      this.from = { primary: why }
    }
    return this.primary.run(query, signal, timeoutMs)
  }

  /** Tells of what the replica lacks that the primary is read for it; false where it was the primary that was read. */
  turnToPrimary(): boolean {
    if (this.from === undefined || "primary" in this.from) return false
    this.from = { primary: "replica does not have it" }
    return true
  }

  /** A change was made: what is read from now on has it. */
  async changed(): Promise<void> {
    const heldUntil = steadyNow() + this.maxLagS * 1000
    this.heldUntil = heldUntil
    // Where nothing waits for the log to be written (synchronous_commit), a commit is in it all the same.
    const query = sql<{ lsn: string }>`select pg_current_wal_insert_lsn()::text as lsn`
    const found = await this.primary.runOnPrimary(db => query.execute(db)).catch(() => undefined)
    if (found === undefined) return
    const reached = positionOf(found.rows[0]?.lsn as string)
    if (this.awaited === undefined || reached > this.awaited) this.awaited = reached
    // A later change has not said yet where it is.
    if (this.heldUntil === heldUntil) this.heldUntil = 0
  }

  runOnPrimary: Postgres["runOnPrimary"] = (...asked) => this.primary.runOnPrimary(...asked)
  transaction: Postgres["transaction"] = (...work) => this.primary.transaction(...work)
  record: Postgres["record"] = work => this.primary.record(work)
  ping: Postgres["ping"] = signal => this.primary.ping(signal)
  generation: Postgres["generation"] = () => this.primary.generation()

  get replica(): ReplicaState | undefined {
    return this.primary.replica
  }

  get address(): string {
    return this.primary.address
  }

  /** Ends the connections to the replica. */
  async close(): Promise<void> {
    await this.standby.close()
  }

  /** Why the replica is not even asked. */
  private async why(signal: AbortSignal | undefined): Promise<string | undefined> {
    if (steadyNow() < this.restsUntil) return OUT_OF_REACH
    if (steadyNow() < this.heldUntil) return LACKS_CHANGE
    const { known } = this
    if (known !== undefined && known.address === this.primary.address) {
      // It is asked beside the readings, which do without it while it is away.
      if (steadyNow() - known.at > ASKED_EVERY_MS) {
        known.at = steadyNow()
        void this.ask().catch(() => {})
      }
      return undefined
    }
    try {
      await this.ask(signal)
    } catch (error) {
      if (!asDeckError(error).denied) throw error
      return "this role may not tell whether readUrl is of the same database"
    }
    return undefined
  }

  /** Asks the primary what it is, and where its log is. */
  private async ask(signal?: AbortSignal): Promise<void> {
    const at = steadyNow()
    const ofPrimary = (text: string) => sql.raw(`case when not pg_is_in_recovery() then ${text} end`)
    const query = sql<Pick<Primary, "system" | "timeline"> & { lsn: string | null }>`select ${SYSTEM} as system,
      ${ofPrimary(TIMELINE)} as timeline, ${ofPrimary("pg_current_wal_flush_lsn()::text")} as lsn`
    const [found] = (await this.primary.run(db => query.execute(db), signal)).rows
    if (found === undefined) return
    const { system, timeline, lsn } = found
    this.known = { system, timeline, address: this.primary.address, at }
    if (lsn !== null) this.mark ??= { position: positionOf(lsn), at }
  }

  /** The replica, where it will do, with its lag. Throws Unfit. */
  private fitting(replica: ReplicaState | undefined): ReplicaState {
    if (replica === undefined) throw new Unfit("readUrl is no replica")
    const { system, timeline } = this.known ?? {}
    const isOther = replica.timeline !== null && timeline !== null && replica.timeline !== timeline
    if (replica.system !== system || isOther) {
      this.known = undefined // The primary may be another one, too.
      this.mark = undefined
      throw new Unfit(replica.system === system ? OTHER_TIMELINE : "readUrl is of another database")
    }
    const told = { ...replica, lagS: this.lagOf(replica) }
    if (told.lagS === null || told.lagS > this.maxLagS) throw new Unfit(`replica ${lagOf(told)}`)
    if (this.awaited !== undefined && !hasReached(replica, this.awaited)) throw new Unfit(LACKS_CHANGE)
    this.awaited = undefined
    return told
  }

  /** A replica that hears nothing of its primary does not know that it is behind. */
  private lagOf(replica: ReplicaState): number | null {
    const { mark } = this
    if (mark === undefined || replica.lagS === null) return replica.lagS
    if (!hasReached(replica, mark.position)) return Math.max(replica.lagS, (steadyNow() - mark.at) / 1000)
    this.mark = undefined
    return replica.lagS
  }

  /** Throws `error` where the primary would answer no better. */
  private reasonOf(error: unknown): string {
    if (error instanceof Unfit) return error.message
    const { code, message, cause } = asDeckError(error)
    const sqlstate = (cause as { code?: string } | undefined)?.code
    // Replay ends queries that stand in its way.
    if (sqlstate === "40001" || sqlstate === "40P01") return "replica ended the query"
    if (code !== "unavailable" || sqlstate === "57014") throw error
    this.restsUntil = steadyNow() + RESTS_MS
    console.info(`the replica of readUrl is not read for ${RESTS_MS / 1000} s: ${message}`)
    return OUT_OF_REACH
  }
}

const OUT_OF_REACH = "replica out of reach"
const LACKS_CHANGE = "replica lacks the last change"
const OTHER_TIMELINE = "readUrl follows another server than the primary, which was promoted"

const hasReached = ({ replayed }: ReplicaState, position: bigint) =>
  replayed !== null && positionOf(replayed) >= position

/** A position in the write-ahead log, such as 16/B374D848, as a number. */
function positionOf(lsn: string): bigint {
  const [high = "0", low = "0"] = lsn.split("/")
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}
