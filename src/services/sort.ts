import type { Kysely } from "kysely"
import { z } from "zod"
import { type Page, type PageRequest, sortIn, toPage } from "../adapters/postgres/cursor.ts"
import { indexNamed } from "../adapters/postgres/declared-indexes.ts"
import { serviceOf } from "../adapters/postgres/indexes.ts"
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
  const refusal = await refusalOf(db, sorts, field, sorts.conditions(request))
  if (refusal !== null) throw new DeckError("invalid", refusal, { field: "sort" })
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

/** Why the list cannot be sorted by the field in this database; null where it can. */
async function refusalOf(
  db: Kysely<Tables>,
  sorts: Sorts,
  field: string,
  conditions: readonly string[],
): Promise<string | null> {
  if (field === sortFields(sorts)[0]) return null
  const index = indexOf(sorts, field)
  const service = await serviceOf(db, index, conditions)
  if (service === "served") return null
  if (service === "other rows")
    return `an index serves ${field} only for rows with ${index.condition}: drop the filter or the sort`
  return `no index serves ${field} in this database; this makes one: ${service.join(" ")}`
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
      postgres.run(async db => {
        const refusals: Record<string, string | null> = {}
        for (const field of sorts === undefined ? [] : sortFields(sorts)) {
          const conditions = sorts?.conditions(filter) ?? []
          refusals[field] = await refusalOf(db, sorts as Sorts, field, conditions)
        }
        return refusals
      }, signal),
  })
