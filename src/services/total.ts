import { type Kysely, sql } from "kysely"
import { z } from "zod"
import type { Tables } from "../adapters/postgres/tables.ts"
import { asDeckError } from "../domain/errors.ts"
import { readListFilter } from "../domain/list-filter.ts"
import { type CountedRows, planOf } from "./counted-rows.ts"
import { defineOperation, type Operation } from "./operation.ts"

/** How many rows a list has in all: counted, or estimated by PostgreSQL; the sums of columns, as texts, where they were counted. */
const total = z.object({
  rows: z.number().int(),
  isExact: z.boolean(),
  sums: z.record(z.string(), z.string()).optional(),
})
export type Total = z.output<typeof total>

/** What a count may cost by PostgreSQL's estimate: that of some hundred thousand rows, read in a fraction of a second. */
const CHEAP = 50_000
const COUNT_TIMEOUT_MS = 1_000

/**
 * Counts the rows of the list that `operation` reads page by page: exactly where that is cheap, else as PostgreSQL
 * estimates them. Null where nothing sound can be said: for a search in many rows, or a list that is not counted. No
 * command of its own.
 */
export const totalOf = <Input extends z.ZodObject>({ input, rows, summed = [], mayLag = false }: Operation<Input>) =>
  defineOperation({
    words: ["rows", "count"],
    summary: "how many rows a list has in all",
    input,
    answer: total.nullable(),
    mayLag,
    async run({ postgres, signal }, filter): Promise<Total | null> {
      if (rows === undefined) return null
      const plan = await postgres.run(async db => planOf(await rows(db, filter)), signal)
      if (plan["Total Cost"] <= CHEAP) {
        const count = async (db: Kysely<Tables>) => countOf(db, await rows(db, filter), summed)
        const counted = await postgres.run(count, signal, COUNT_TIMEOUT_MS).catch(error => {
          if (asDeckError(error).code === "cancelled") throw error
        })
        if (counted !== undefined) return counted
      }
      // How many texts contain another one PostgreSQL cannot estimate.
      return readListFilter(input, filter).q !== undefined
        ? null
        : { rows: Math.round(plan["Plan Rows"]), isExact: false }
    },
  })

/** Counts the rows of `query`, and sums up some of its columns exactly. */
export async function countOf(db: Kysely<Tables>, query: CountedRows, summed: readonly string[]): Promise<Total> {
  const sums = summed.map(name => sql<string>`coalesce(sum(${sql.ref(name)}), 0)::text`.as(name))
  const counted = db.selectFrom(query.as("counted")).select(({ fn }) => [fn.countAll<string>().as("rows"), ...sums])
  const { rows, ...texts } = await counted.executeTakeFirstOrThrow()
  return { rows: Number(rows), isExact: true, ...(summed.length > 0 && { sums: texts as Record<string, string> }) }
}
