import type { Kysely, RawBuilder } from "kysely"
import { z } from "zod"
import { type Page, type PageRequest, sortIn, toPage } from "../adapters/postgres/cursor.ts"
import { indexNamed } from "../adapters/postgres/declared-indexes.ts"
import { servicesOf } from "../adapters/postgres/indexes.ts"
import { type ListOrder, type OrderColumn, orderOf } from "../adapters/postgres/order.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { DeckError } from "../domain/errors.ts"
import { beginsPeriod, readListFilter } from "../domain/list-filter.ts"

/**
 * What a list can be sorted by: each field of its rows, in the contract's spelling, with the index that has its order. The
 * first one, downwards, is the order of the list itself; where no index serves any, the first amount.
 */
export interface Sorts<Field extends string = string> {
  readonly indexes: Readonly<Record<Field, string>>
  /** Fields that no index has the order of: only the rows of a period are sorted by them, a day unless it is said. */
  readonly amounts: Readonly<Record<string, Amount>>
  /** Conditions that all rows of the list meet: an index may be restricted to these. */
  readonly conditions: (filter: object) => readonly string[]
}

/** Something that rows have more or less of, or none. */
interface Amount {
  readonly value: RawBuilder<unknown>
  /** PostgreSQL's type. */
  readonly type: "bigint" | "numeric"
}

/** The period of a sort by an amount, as `since` has it. */
export const SORT_PERIOD = { since: "1d", name: "the last day" }

/** A sort, as the option has it: the field, after a dash for down. */
type Sort<Field extends string> = Field | `-${Field}`

type SortRequest = PageRequest & { readonly sort?: string | undefined }

export const defineSorts = <Field extends string>(
  indexes: Sorts<Field>["indexes"],
  conditions: Sorts["conditions"] = () => [],
  amounts: Sorts["amounts"] = {},
): Sorts<Field> => ({ indexes, conditions, amounts })

export const sortFields = ({ indexes, amounts }: Sorts): string[] => [...Object.keys(indexes), ...Object.keys(amounts)]

/** Sort of the list itself. */
export const ownSort = (sorts: Sorts): string => `-${sortFields(sorts)[0]}`

/** The field of a sort, and whether it is down. */
export const readSort = (sort: string): readonly [field: string, down: boolean] =>
  sort.startsWith("-") ? [sort.slice(1), true] : [sort, false]

/** What the field is: a time, an amount, or a text. */
export function kindOfSort({ indexes, amounts }: Sorts, field: string): "time" | "amount" | "text" {
  if (Object.hasOwn(amounts, field)) return "amount"
  return orderOf(indexNamed(indexes[field] as string), true)[0]?.type === "timestamptz" ? "time" : "text"
}

/** The option of a list for what it can be sorted by (contract, section 10). */
export function sortOption<Field extends string>(sorts: Sorts<Field>) {
  const fields = sortFields(sorts)
  const choices = fields.flatMap(field => [field, `-${field}`]) as Sort<Field>[]
  const amounts = Object.keys(sorts.amounts)
  const bounded =
    amounts.length === 0 ? "" : `; by ${amounts.join(", ")} within ${SORT_PERIOD.name} unless since says otherwise`
  return z
    .enum(choices, `must be one of ${choices.join(", ")}`)
    .optional()
    .meta({
      label: `sort by ${fields.join(", ")}; -COLUMN for down (default: ${ownSort(sorts)})${bounded}`,
      placeholder: "COLUMN",
      signed: true,
    })
}

/** Order of a page, with the fields of the list's rows that hold its columns. */
interface SortedOrder extends ListOrder {
  readonly fields: readonly string[]
}

/**
 * Returns the order that a page is asked for in: by its `sort`, else by that of its cursor, else newest first. Throws
 * DeckError "invalid", field "sort", where no index of the database serves it. The order of the list itself is never
 * refused, in either direction: the list is read in it anyway.
 */
export async function orderFor(db: Kysely<Tables>, sorts: Sorts, request: SortRequest): Promise<SortedOrder> {
  const sort = sortOf(sorts, request)
  const [field, down] = readSort(sort)
  if (!sortFields(sorts).includes(field)) {
    throw new DeckError("invalid", "the cursor is of another list: start again without it", { field: "cursor" })
  }
  const amount = sorts.amounts[field]
  if (amount !== undefined) return orderByAmount(sorts, sort, amount)
  const { [field]: refusal } = await refusalsOf(db, sorts, [field], sorts.conditions(request))
  if (typeof refusal === "string") throw new DeckError("invalid", refusal, { field: "sort" })
  const index = indexOf(sorts, field)
  const columns = orderOf(index, down)
  return { sort, columns, id: `${index.table}.id`, fields: columns.map(({ column }) => fieldOf(sorts, column)) }
}

/** The sort that is asked for: by its option, else by the cursor, else that of the list. */
const sortOf = (sorts: Sorts, { sort, cursor }: Partial<SortRequest>): string =>
  sort ?? (cursor === undefined ? ownSort(sorts) : sortIn(cursor))

function orderByAmount(sorts: Sorts, sort: string, { value, type }: Amount): SortedOrder {
  const [field, descending] = readSort(sort)
  const { table } = indexNamed(Object.values(sorts.indexes)[0] as string)
  const id = `${table}.id`
  const columns: OrderColumn[] = [
    { column: `${table}.${field}`, amount: value, type, descending, nulls: "last" },
    { column: id, type: "uuid", descending },
  ]
  return { sort, columns, isUnserved: true, id, fields: [field, fieldOf(sorts, id)] }
}

/**
 * Returns the request with the period of a sort by an amount, where its filter has none. Throws DeckError "invalid" where the
 * filter says when a period ends and not when it begins.
 */
export function inPeriod<Request extends Filtered>(input: z.ZodObject, sorts: Sorts, request: Request): Request {
  if (needsPeriod(input, sorts, request)) return { ...request, since: SORT_PERIOD.since }
  if (!isByAmount(sorts, request) || periodsIn(input, request).some(beginsPeriod)) return request
  const message =
    "this sort needs a period, and the filter says only when it ends: add its begin, as in since:60d since>30d"
  throw new DeckError("invalid", message, { field: "sort" })
}

type Filtered = Partial<SortRequest>

/** Whether the rows are sorted by an amount, and the filter has no period of its own. */
export const needsPeriod = (input: z.ZodObject, sorts: Sorts, request: Filtered): boolean =>
  isByAmount(sorts, request) && periodsIn(input, request).length === 0

const isByAmount = (sorts: Sorts, request: Filtered): boolean =>
  Object.hasOwn(sorts.amounts, readSort(sortOf(sorts, request))[0])

const periodsIn = (input: z.ZodObject, request: Filtered) =>
  readListFilter(input, request as Readonly<Record<string, unknown>>).conditions.filter(
    ({ field }) => field === "since",
  )

const indexOf = (sorts: Sorts, field: string) => indexNamed(sorts.indexes[field] as string)

/** The field that holds a column: the one that is sorted by it, else the one of its name. */
function fieldOf(sorts: Sorts, column: string): string {
  const isIts = (field: string) => orderOf(indexOf(sorts, field), true)[0]?.column === column
  return Object.keys(sorts.indexes).find(isIts) ?? column.replace(/^\w+\./, "")
}

/** Makes the page from the rows of a query in this order. */
export const pageInOrder = <Row extends object>(rows: Row[], limit: number, order: SortedOrder): Page<Row> =>
  toPage(rows, limit, row => order.fields.map(field => textOf(row[field as keyof Row])), order)

const textOf = (value: unknown): string | null => (value === null ? null : String(value))

/** Why the list cannot be sorted by each of the fields in this database; null where it can, as by the first field always. */
export async function refusalsOf(
  db: Kysely<Tables>,
  sorts: Sorts,
  fields: readonly string[],
  conditions: readonly string[],
): Promise<Record<string, string | null>> {
  const refusals: Record<string, string | null> = Object.fromEntries(fields.map(field => [field, null]))
  const [own] = Object.keys(sorts.indexes)
  const others = fields.filter(field => field !== own && Object.hasOwn(sorts.indexes, field))
  const indexes = others.map(field => indexOf(sorts, field))
  const services = await servicesOf(db, indexes, conditions)
  for (const [at, field] of others.entries()) {
    const service = services[at]
    if (service === undefined || service === "served") continue
    refusals[field] =
      service === "other rows"
        ? `an index serves ${field} only for rows with ${indexes[at]?.condition}: drop the filter or the sort`
        : `no index serves ${field} in this database; this makes one: ${service.join(" ")}`
  }
  return refusals
}
