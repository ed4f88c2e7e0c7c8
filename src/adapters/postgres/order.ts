import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely"
import { type DeclaredIndex, isNullable, typeOf } from "./declared-indexes.ts"

/** Column that rows are ordered by. */
export interface OrderColumn {
  /** `users.created_at` */
  readonly column: string
  /** What is ordered by instead of a column, and made of some. */
  readonly amount?: RawBuilder<unknown>
  /** PostgreSQL's type, which a text of a cursor is read as. */
  readonly type: string
  readonly descending: boolean
  /** Where an index has its null values; undefined for a column without any. Of an order only the first has any: they come last. */
  readonly nulls?: "first" | "last" | undefined
}

/** Order of a list; no two rows have the same values in all of its columns. */
export interface ListOrder {
  /** As an option says it, `-created_at`; empty for a list that has one order alone. A cursor holds it. */
  readonly sort: string
  readonly columns: readonly OrderColumn[]
  /** No index has it: all rows that are asked for are read and sorted. */
  readonly isUnserved?: boolean
  /** Column of the primary key: `users.id`. */
  readonly id: string
}

/** The values of a row in the columns of an order, as texts. */
export type Position = readonly (string | null)[]

/** Returns `order` for the same columns of another table. */
export const orderIn = (order: ListOrder, table: string): ListOrder => {
  const moved = (column: string) => column.replace(/^\w+/, table)
  const columns = order.columns.map(one => ({ ...one, column: moved(one.column) }))
  return { ...order, columns, id: moved(order.id) }
}

/**
 * Returns the columns that an index has its rows in the order of, from its end on where its first column is to go the other
 * way. Rows with the same values in all of its columns follow by their ids.
 */
export function orderOf(index: DeclaredIndex, descending: boolean): OrderColumn[] {
  const { table, unique } = index
  const columns = index.columns.map((declared): OrderColumn => {
    const [, name = "", desc, nulls] = /^(\w+)( desc)?(?: nulls (first|last))?$/.exec(declared) ?? []
    const nullsOf = (nulls ?? (desc === undefined ? "last" : "first")) as "first" | "last"
    const nullable = isNullable(table, name)
    return {
      column: `${table}.${name}`,
      type: typeOf(table, name),
      descending: desc !== undefined,
      nulls: nullable ? nullsOf : undefined,
    }
  })
  const last = columns.at(-1) as OrderColumn
  const isWhole = last.column === `${table}.id` || (unique && columns.every(({ nulls }) => nulls === undefined))
  const whole = isWhole ? columns : [...columns, { column: `${table}.id`, type: "uuid", descending: last.descending }]
  return columns[0]?.descending === descending ? whole : whole.map(turned)
}

const turned = ({ nulls, descending, ...column }: OrderColumn): OrderColumn => ({
  ...column,
  descending: !descending,
  nulls: nulls && (nulls === "first" ? "last" : "first"),
})

/** Applies the order alone: joining other tables to a page does not keep it. */
export const sortedBy = <DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  { columns }: ListOrder,
): SelectQueryBuilder<DB, TB, Row> =>
  ordered(
    query,
    columns.map(column => ({ ...column, nulls: column.nulls && "last" })),
  )

const ordered = <DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  columns: readonly OrderColumn[],
): SelectQueryBuilder<DB, TB, Row> =>
  columns.reduce(
    (sorted, { descending, nulls, ...column }) =>
      sorted.orderBy(amountOf(column), to => {
        const directed = descending ? to.desc() : to.asc()
        return nulls === undefined ? directed : nulls === "first" ? directed.nullsFirst() : directed.nullsLast()
      }),
    query,
  )

const amountOf = ({ column, amount }: Pick<OrderColumn, "column" | "amount">) => amount ?? sql.ref(column)

/** Returns the first `rows` rows of `query` in this order, after a position where one is given. */
export function firstInOrder<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  order: ListOrder,
  rows: number,
  after: Position | undefined,
): SelectQueryBuilder<DB, TB, Row> {
  const first = sortedBy(query, order).limit(rows)
  if (order.isUnserved && after === undefined) return first
  const stretches = stretchesAfter(order.columns, after)
  const [only] = stretches
  if (only === undefined) return first
  if (stretches.length === 1) return first.where(only.condition)
  if (order.isUnserved) {
    const conditions = stretches.map(({ condition }) => condition)
    return first.where(sql<boolean>`(${sql.join(conditions, sql` or `)})`)
  }
  // One condition with "or" would have PostgreSQL read everything before the position.
  const parts = stretches.map(({ condition, columns }) =>
    ordered(query.where(condition).clearSelect().select(sql.ref(order.id).as("id")), columns).limit(rows),
  )
  const ids = sql.join(parts, sql` union all `)
  return first.where(sql<boolean>`${sql.ref(order.id)} = any(array(${ids}))`)
}

/** Part of the rows after a position, which an index has at one place, in the order of these columns. */
interface Stretch {
  readonly condition: RawBuilder<boolean>
  readonly columns: readonly OrderColumn[]
}

/** The rows after a position, or all of them, in stretches; none where no condition is needed. */
function stretchesAfter(columns: readonly OrderColumn[], position: Position | undefined): Stretch[] {
  const [first, ...others] = columns
  if (first?.nulls === undefined) return position === undefined ? [] : beyondEach(columns, position)
  const column = amountOf(first)
  const nulls = { condition: sql<boolean>`${column} is null`, columns: others }
  if (position === undefined) return [{ condition: sql<boolean>`${column} is not null`, columns }, nulls]
  if (position[0] !== null) return [...beyondEach(columns, position), nulls]
  return beyondEach(others, position.slice(1)).map(({ condition, ...stretch }) => ({
    ...stretch,
    condition: sql<boolean>`${column} is null and ${condition}`,
  }))
}

/** The rows after a position without null values: those with another value in the first column, in the second one, ... */
function beyondEach(columns: readonly OrderColumn[], position: Position): Stretch[] {
  const stretches: Stretch[] = []
  for (let start = 0; start < columns.length; ) {
    const same = columns.slice(0, start).map(({ type, ...column }, index) => {
      return sql`${amountOf(column)} = ${castOf(position[index] as string, type)}`
    })
    const end = endOfRun(columns, start)
    const beyond = beyondRun(columns.slice(start, end), position.slice(start, end))
    stretches.push({ condition: sql<boolean>`${sql.join([...same, beyond], sql` and `)}`, columns })
    start = end
  }
  return stretches
}

/** End of the columns of one direction from `start` on: PostgreSQL can compare them as one row. */
function endOfRun(columns: readonly OrderColumn[], start: number): number {
  const end = columns.findIndex(({ descending }, index) => index > start && descending !== columns[start]?.descending)
  return end < 0 ? columns.length : end
}

function beyondRun(columns: readonly OrderColumn[], position: Position): RawBuilder<boolean> {
  const names = sql.join(columns.map(amountOf))
  const values = sql.join(columns.map(({ type }, index) => castOf(position[index] as string, type)))
  return sql<boolean>`(${names}) ${sql.raw(columns[0]?.descending ? "<" : ">")} (${values})`
}

const castOf = (value: string, type: string) => sql`${value}::${sql.raw(type)}`
