import { DeckError } from "../../../domain/errors.ts"
import { type Accounts, accounts } from "../accounts.ts"
import type { ClickHouse } from "./client.ts"
import { literal } from "./dialect.ts"
import { LOG } from "./schema.ts"

/** A batch that is in the history: its number, the id of its insert, and the accounts behind it. */
export interface KnownBatch {
  readonly number: number
  readonly id: string
  readonly accounts: Accounts
  /** Its partition: days since the epoch. */
  readonly day: number
}

/** The rows of a gateway's batches, for a query: they stand where no other rows do. */
export const batchesOf = (gateway: string): string =>
  `gateway = ${literal(gateway)} and ms = 18446744073709551615 and event = 'batch'`

/** When the first row of the first batch counts, as an aggregate over the rows of batches. */
export const OLDEST = "argMinIf(from_ms, seq, from_ms is not null)"

/** Reads the newest batch of a gateway; undefined where there is none. Throws DeckError `unavailable`. */
export async function newestBatch(clickhouse: ClickHouse, gateway: string): Promise<KnownBatch | undefined> {
  const query = `select seq, accounts, toUInt16(day) as day from ${LOG} where ${batchesOf(gateway)} order by epoch desc, seq desc limit 1`
  const [row] = await clickhouse.rows<{ readonly seq: string; readonly accounts: string; readonly day: number }>(query)
  if (row === undefined) return undefined
  try {
    const { id, ...rest } = JSON.parse(row.accounts)
    return { number: Number(row.seq), id, accounts: accounts.parse(rest), day: Number(row.day) }
  } catch (cause) {
    throw new DeckError("unavailable", `${LOG} is of another version of opsdeck`, { cause })
  }
}
