import { setTimeout as delay } from "node:timers/promises"
import { type Kysely, sql, type Transaction } from "kysely"
import { asDeckError } from "../../domain/errors.ts"
import type { Tables } from "./tables.ts"

/** A COMMIT that was sent and not answered. */
export interface LostCommit {
  /** The server's number of the transaction; null when it wrote nothing. */
  readonly id: string | null
  readonly cause: unknown
}

/** Time for a server to restart, and to notice that a connection is dead (the idle timeout in session.ts). */
const PATIENCE_MS = 10_000
const PAUSE_MS = 200

type Read = <T>(query: (db: Kysely<Tables>) => Promise<T>, signal: AbortSignal) => Promise<T>

/**
 * How the transaction `id` ended, asked by `read` on connections of its own until the server knows; "unknown" when it
 * cannot be reached, or is still at it, after ten seconds.
 */
export async function outcomeOf(id: string, read: Read): Promise<"committed" | "aborted" | "unknown"> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  while (true) {
    try {
      const status = await read(db => statusOf(db, id), patience)
      if (status === "committed" || status === "aborted") return status
    } catch (error) {
      if (asDeckError(error).code === "cancelled") return "unknown"
    }
    await delay(PAUSE_MS)
  }
}

async function statusOf(db: Kysely<Tables>, id: string): Promise<string | null> {
  const { rows } = await sql<{ status: string | null }>`select txid_status(${id}::bigint) as status`.execute(db)
  return rows[0]?.status ?? null
}

/** The server's number of a transaction that has written something; null for any other. */
export async function transactionId(tx: Transaction<Tables>): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`select txid_current_if_assigned() as id`.execute(tx)
  return rows[0]?.id ?? null
}
