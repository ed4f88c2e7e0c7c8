import { createHash } from "node:crypto"
import { type SelectQueryBuilder, sql } from "kysely"
import { DeckError } from "../../domain/errors.ts"

/** Request of a list page: the number of rows, and the cursor to start after. */
export interface PageRequest {
  limit: number
  cursor?: string | undefined
}

/** The answer of every list (contract, section 2). */
export interface Page<Row> {
  data: Row[]
  next_cursor: string | null
}

/** Position of a row in a list: its time with full microseconds, as text, and its id. */
interface Position {
  time: string
  id: string
}

/** Sort columns of a list: a time and, for rows of the same microsecond, the id. */
export interface ListOrder {
  time: string
  id: string
}

/**
 * Orders `query` newest first and starts it after the request's cursor; reads one row more than requested, from which
 * `toPage` sees whether there is a next page. Throws DeckError("invalid", field "cursor") for a damaged cursor. Join
 * other tables to the rows that this finds: without an index on the time PostgreSQL would join them to all rows of the
 * table before it sorts.
 */
export function newestFirst<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  order: ListOrder,
  request: PageRequest,
): SelectQueryBuilder<DB, TB, Row> {
  const ordered = sortedNewestFirst(query, order).limit(request.limit + 1)
  if (request.cursor === undefined) return ordered
  const after = decodeCursor(request.cursor)
  const position = sql`(${sql.ref(order.time)}, ${sql.ref(order.id)})`
  return ordered.where(sql<boolean>`${position} < (${after.time}::timestamptz, ${after.id}::uuid)`)
}

/** Applies the order alone: joining other tables to a page does not keep it. */
export const sortedNewestFirst = <DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  { time, id }: ListOrder,
): SelectQueryBuilder<DB, TB, Row> => query.orderBy(sql.ref(time), "desc").orderBy(sql.ref(id), "desc")

/** Makes the page from the `rows` of a `newestFirst` query; `positionOf` returns the sort columns of a row. */
export function toPage<Row>(rows: Row[], limit: number, positionOf: (row: Row) => Position): Page<Row> {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  return { data, next_cursor: rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null }
}

/** Encodes an opaque cursor: the position and a checksum, so that a damaged cursor is rejected. */
function encodeCursor({ time, id }: Position): string {
  const position = JSON.stringify([time, id])
  return Buffer.from(checksum(position) + position).toString("base64url")
}

function decodeCursor(cursor: string): Position {
  const text = Buffer.from(cursor, "base64url").toString()
  const position = text.slice(CHECKSUM_LENGTH)
  const canonical = Buffer.from(text).toString("base64url") === cursor
  if (!canonical || checksum(position) !== text.slice(0, CHECKSUM_LENGTH)) {
    throw new DeckError("invalid", "the cursor is damaged: start again without it", { field: "cursor" })
  }
  const [time, id] = JSON.parse(position) as [string, string]
  return { time, id }
}

const CHECKSUM_LENGTH = 8
const checksum = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, CHECKSUM_LENGTH)
