import { setTimeout as delay } from "node:timers/promises"
import { type Kysely, sql, type Transaction } from "kysely"
import { asDeckError } from "../../domain/errors.ts"
import type { Tables } from "./tables.ts"

/** A COMMIT that was sent but not answered. */
export interface LostCommit {
  /** Transaction id; null when it wrote nothing. */
  readonly id: string | null
  /** Id of an audit row written in the transaction, which exists only if that was committed. */
  readonly auditId: string | undefined
  readonly cause: unknown
  /** When, in milliseconds since the epoch. */
  readonly lostAt: number
}

/** How a change ended that its caller was told of as unknown. */
export interface LateOutcome extends Pick<LostCommit, "lostAt"> {
  readonly isSaved: boolean
}

/** Time for a server to restart or a standby to be promoted, and to notice that a connection is dead (the idle timeout in session.ts). */
const GIVE_UP_AFTER = { ms: 10_000, pauseMs: 200 }
/** Nobody waits for it any more, but would rather know. */
export const STILL_WANTED_FOR = { ms: 30 * 60_000, pauseMs: 2_000 }

const auditIds = new WeakMap<Transaction<Tables>, string>()

/** Remembers the audit row `id`, written within `tx`: it exists only if `tx` was committed. */
export const rememberAuditRow = (tx: Transaction<Tables>, id: string): void => void auditIds.set(tx, id)

export const auditIdOf = (tx: Transaction<Tables>): string | undefined => auditIds.get(tx)

/** Asks a primary. */
export type Read = <T>(query: (db: Kysely<Tables>) => Promise<T>, signal: AbortSignal) => Promise<T>

/** Asks through `read`, on new connections, how a transaction ended; "unknown" where no answer comes in time. */
export async function outcomeOf(
  lost: LostCommit,
  read: Read,
  { ms, pauseMs } = GIVE_UP_AFTER,
): Promise<"committed" | "aborted" | "unknown"> {
  const deadline = AbortSignal.timeout(ms)
  while (true) {
    try {
      const status = await read(db => statusOf(db, lost), deadline)
      if (status === "committed" || status === "aborted") return status
    } catch (error) {
      const { code, cause } = asDeckError(error)
      if (code === "cancelled") return "unknown"
      if ((cause as { code?: string } | undefined)?.code === NOT_YET_GIVEN) return "aborted"
    }
    await delay(pauseMs)
  }
}

/** SQLSTATE for an id not assigned yet: the server crashed before it had written anything of the transaction. */
const NOT_YET_GIVEN = "22023"

async function statusOf(db: Kysely<Tables>, { id, auditId }: LostCommit): Promise<string | null> {
  const { rows } = await sql<{ status: string | null }>`select txid_status(${id}::bigint) as status`.execute(db)
  const status = rows[0]?.status ?? null
  if (status !== "committed" || auditId === undefined) return status
  // After a crash the same id may have been assigned to another transaction.
  const row = await db.selectFrom("audit_logs").select("id").where("id", "=", auditId).executeTakeFirst()
  return row === undefined ? "aborted" : status
}

/** Returns the id of a transaction that has written something; null for any other. */
export async function transactionId(tx: Transaction<Tables>): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`select txid_current_if_assigned() as id`.execute(tx)
  return rows[0]?.id ?? null
}
