import type { Kysely } from "kysely"
import { z } from "zod"
import { type Page, type PageRequest, sortIn, toPage } from "../adapters/postgres/cursor.ts"
import { indexNamed } from "../adapters/postgres/declared-indexes.ts"
import { servicesOf } from "../adapters/postgres/indexes.ts"
import { type ListOrder, orderOf } from "../adapters/postgres/order.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { DeckError } from "../domain/errors.ts"
import { defineOperation, type Operation } from "./operation.ts"

/**
 * What a list can be sorted by: each field of its rows, in the contract's spelling, with the index that has its order. The
 * first one, downwards, is the order of the list itself. (What no index serves, but a period bounds, would name its column here.)
 */
export interface Sorts<Field extends string = string> {
  readonly indexes: Readonly<Record<Field, string>>
  /** Conditions that all rows of the list meet: an index may be restricted to these. */
  readonly conditions: (filter: object) => readonly string[]
}

/** A sort, as the option has it: the field, after a dash for down. */
type Sort<Field extends string> = Field | `-${Field}`

type SortRequest = PageRequest & { readonly sort?: string | undefined }

export const defineSorts = <Field extends string>(
  indexes: Sorts<Field>["indexes"],
  conditions: Sorts["conditions"] = () => [],
): Sorts<Field> => ({ indexes, conditions })

export const sortFields = <Field extends string>({ indexes }: Pick<Sorts<Field>, "indexes">): Field[] =>
  Object.keys(indexes) as Field[]

/** Sort of the list itself. */
export const ownSort = (sorts: Pick<Sorts, "indexes">): string => `-${sortFields(sorts)[0]}`

/** The field of a sort, and whether it is down. */
export const readSort = (sort: string): readonly [field: string, down: boolean] =>
  sort.startsWith("-") ? [sort.slice(1), true] : [sort, false]

/** Whether the field is a time. */
export const isTime = ({ indexes }: Sorts, field: string): boolean =>
  orderOf(indexNamed(indexes[field] as string), true)[0]?.type === "timestamptz"

/** The option of a list for what it can be sorted by (contract, section 10). */
export function sortOption<Field extends string>(sorts: Sorts<Field>) {
  const fields = sortFields(sorts)
  const choices = fields.flatMap((field): Sort<Field>[] => [field, `-${field}`])
  return z
    .enum(choices, `must be one of ${choices.join(", ")}`)
    .optional()
    .meta({
      label: `sort by ${fields.join(", ")}; -COLUMN for down (default: ${ownSort(sorts)})`,
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
  const { cursor } = request
  const sort = request.sort ?? (cursor === undefined ? ownSort(sorts) : sortIn(cursor))
  const [field, down] = readSort(sort)
  if (!Object.hasOwn(sorts.indexes, field)) {
    throw new DeckError("invalid", "the cursor is of another list: start again without it", { field: "cursor" })
  }
  const { [field]: refusal } = await refusalsOf(db, sorts, [field], sorts.conditions(request))
  if (typeof refusal === "string") throw new DeckError("invalid", refusal, { field: "sort" })
  const index = indexOf(sorts, field)
  const columns = orderOf(index, down)
  return { sort, columns, id: `${index.table}.id`, fields: columns.map(({ column }) => fieldOf(sorts, column)) }
}

const indexOf = (sorts: Sorts, field: string) => indexNamed(sorts.indexes[field] as string)

/** The field that holds a column: the one that is sorted by it, else the one of its name. */
function fieldOf(sorts: Sorts, column: string): string {
  const isIts = (field: string) => orderOf(indexOf(sorts, field), true)[0]?.column === column
  return sortFields(sorts).find(isIts) ?? column.replace(/^\w+\./, "")
}

/** Makes the page from the rows of a query in this order. */
export const pageInOrder = <Row extends object>(rows: Row[], limit: number, order: SortedOrder): Page<Row> =>
  toPage(rows, limit, row => order.fields.map(field => row[field as keyof Row] as string | null), order)

/** Why the list cannot be sorted by each of the fields in this database; null where it can, as by the first field always. */
async function refusalsOf(
  db: Kysely<Tables>,
  sorts: Sorts,
  fields: readonly string[],
  conditions: readonly string[],
): Promise<Record<string, string | null>> {
  const refusals: Record<string, string | null> = Object.fromEntries(fields.map(field => [field, null]))
  const others = fields.filter(field => field !== sortFields(sorts)[0])
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

/**
 * Tells for each field that the list of `operation` can be sorted by, with a filter, why it cannot in this database; null
 * where it can. No command of its own.
 */
export const sortsServed = <Input extends z.ZodObject>({ input, sorts }: Pick<Operation<Input>, "input" | "sorts">) =>
  defineOperation({
    words: ["sorts", "served"],
    summary: "what a list can be sorted by in this database",
    input,
    answer: z.record(z.string(), z.string().nullable()),
    run: ({ postgres, signal }, filter) =>
      postgres.run(
        async (db): Promise<Record<string, string | null>> =>
          sorts === undefined ? {} : refusalsOf(db, sorts, sortFields(sorts), sorts.conditions(filter)),
        signal,
      ),
  })
