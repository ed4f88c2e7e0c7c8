import { createHash } from "node:crypto"
import type { SelectQueryBuilder } from "kysely"
import { DeckError } from "../../domain/errors.ts"
import { firstInOrder, type ListOrder, type Position, sortedBy } from "./order.ts"

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

/** Sort columns of a list that is newest first: a time and, for rows of the same microsecond, the id. */
export interface NewestFirst {
  time: string
  id: string
}

/**
 * Returns the requested page of `query` in this order, and one row more, from which `toPage` sees whether there is a next
 * page. Throws DeckError("invalid", field "cursor") for a damaged cursor, and for that of another order. Join other tables
 * to the rows that this finds: without an index for the order PostgreSQL would join them to all rows of the table before
 * it sorts.
 */
export function inOrder<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  order: ListOrder,
  { limit, cursor }: PageRequest,
): SelectQueryBuilder<DB, TB, Row> {
  return firstInOrder(query, order, limit + 1, cursor === undefined ? undefined : positionIn(cursor, order))
}

/** The same for a list that is always newest first. */
export const newestFirst = <DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  columns: NewestFirst,
  request: PageRequest,
): SelectQueryBuilder<DB, TB, Row> => inOrder(query, newest(columns), request)

export const sortedNewestFirst = <DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  columns: NewestFirst,
): SelectQueryBuilder<DB, TB, Row> => sortedBy(query, newest(columns))

const newest = ({ time, id }: NewestFirst): ListOrder => ({
  sort: "",
  columns: [
    { column: time, type: "timestamptz", descending: true },
    { column: id, type: "uuid", descending: true },
  ],
  id,
})

/** Makes the page from the `rows` of an `inOrder` query; `positionOf` returns a row's values in the columns of the order. */
export function toPage<Row>(
  rows: Row[],
  limit: number,
  positionOf: (row: Row) => Position,
  { sort }: Pick<ListOrder, "sort"> = { sort: "" },
): Page<Row> {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  return { data, next_cursor: rows.length > limit && last !== undefined ? encodeCursor(sort, positionOf(last)) : null }
}

/** Encodes an opaque cursor: sort, position and a checksum, so that a damaged cursor is rejected. */
function encodeCursor(sort: string, position: Position): string {
  const text = JSON.stringify([sort, ...position])
  return Buffer.from(checksum(text) + text).toString("base64url")
}

/** Returns the sort that a cursor holds. Throws DeckError("invalid", field "cursor") for a damaged one. */
export const sortIn = (cursor: string): string => decodeCursor(cursor)[0]

function positionIn(cursor: string, { sort, columns }: ListOrder): Position {
  const [held, ...position] = decodeCursor(cursor)
  if (held === sort && position.length === columns.length) return position
  throw refused(
    held === "" || sort === ""
      ? "the cursor is of another list: start again without it"
      : `the cursor is of the list sorted by ${held}: give that sort or none, or start again without the cursor`,
  )
}

function decodeCursor(cursor: string): [sort: string, ...Position] {
  const text = Buffer.from(cursor, "base64url").toString()
  const content = text.slice(CHECKSUM_LENGTH)
  const canonical = Buffer.from(text).toString("base64url") === cursor
  if (!canonical || checksum(content) !== text.slice(0, CHECKSUM_LENGTH)) {
    throw refused("the cursor is damaged: start again without it")
  }
  return JSON.parse(content) as [string, ...Position]
}

const refused = (message: string) => new DeckError("invalid", message, { field: "cursor" })

const CHECKSUM_LENGTH = 8
const checksum = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, CHECKSUM_LENGTH)
