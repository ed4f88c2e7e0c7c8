import { type Kysely, type RawBuilder, sql } from "kysely"
import type { z } from "zod"
import { creationOfMissing } from "../adapters/postgres/indexes.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { DeckError } from "../domain/errors.ts"
import type { Operator } from "../domain/filter-language.ts"
import { beginsPeriod, type Condition, readListFilter } from "../domain/list-filter.ts"
import { momentOf } from "../domain/time-target.ts"
import { isUuid } from "../domain/uuid.ts"
import { planOf } from "./counted-rows.ts"
import { idsByName } from "./users/user-search.ts"

/** How PostgreSQL finds the rows of a term. */
interface TermSource {
  /** The column that is compared, or the condition for a value and the operator before it. */
  readonly by: string | ((value: string, operator: Operator) => RawBuilder<boolean>)
  /** The index that finds the rows, by its name in `adapters/postgres/schema`; left out where none can. */
  readonly index?: string
  /** Whether so few rows have a value that every other term may be looked for among them: those of one user. */
  readonly isFew?: boolean
  /** Returns the values that a typed one stands for. */
  readonly resolve?: (db: Kysely<Tables>, typed: string, asked: Asked) => Promise<readonly string[]>
}

/** What else is asked for beside a typed value. */
export interface Asked {
  /** Field of the input that an error is about. */
  readonly from: string
  /** Condition of the period; true without one. */
  readonly period: RawBuilder<boolean>
}

/** What the terms of a list mean to PostgreSQL, by the fields of its input. */
export interface FilteredTable {
  readonly input: z.ZodObject
  readonly table: keyof Tables
  /** The column of time that the list is sorted by, of the term `since`. */
  readonly time: string
  readonly terms: Readonly<Record<string, TermSource>>
  /** Condition that all rows of the list meet, as PostgreSQL writes it, which its indexes may have. */
  readonly always?: string
}

/** What a list is held to, for PostgreSQL. */
export interface FoundFilter {
  readonly q: string
  readonly condition: RawBuilder<boolean>
  /** Fields that a value is asked for in; one that is only left out is none. */
  readonly asked: ReadonlySet<string>
}

/** PostgreSQL reads a table of this many rows in about a second: no term needs an index there. */
const SMALL = 1_000_000

/**
 * Reads the filter and fields of a list's input. Throws DeckError `invalid` for a mistake, and for a term that no index
 * serves in a large table, unless a period or an id bounds what is read; `not_found` for a user that nobody is.
 */
export async function findFilter(db: Kysely<Tables>, list: FilteredTable, given: object): Promise<FoundFilter> {
  const { q = "", conditions } = readListFilter(list.input, given as Readonly<Record<string, unknown>>)
  await refuseUnserved(db, list, conditions)
  const isTime = ({ field }: Condition) => field === "since"
  const period = allOf(conditions.filter(isTime).map(condition => periodOf(list.time, condition)))
  const all = [period]
  for (const condition of conditions.filter(one => !isTime(one))) {
    const source = list.terms[condition.field] as TermSource
    all.push(await conditionOf(db, source, condition, { from: condition.from, period }))
  }
  const asked = new Set(conditions.filter(({ negated }) => !negated).map(({ field }) => field))
  return { q, condition: allOf(all), asked }
}

const allOf = (conditions: readonly RawBuilder<boolean>[]) =>
  sql<boolean>`(${sql.join([sql`true`, ...conditions], sql` and `)})`

async function conditionOf(db: Kysely<Tables>, { by, resolve }: TermSource, condition: Condition, asked: Asked) {
  const { operator, values, negated } = condition
  const resolved: string[] = []
  for (const value of values) resolved.push(...(resolve === undefined ? [value] : await resolve(db, value, asked)))
  const either =
    typeof by === "string"
      ? within(by, resolved)
      : sql<boolean>`(${sql.join(
          resolved.map(value => by(value, operator)),
          sql` or `,
        )})`
  return negated ? sql<boolean>`(${either}) is not true` : either
}

function within(column: string, values: readonly string[]): RawBuilder<boolean> {
  const [only] = values
  if (only === undefined) return sql<boolean>`false`
  if (values.length === 1) return sql<boolean>`${sql.ref(column)} = ${only}`
  return sql<boolean>`${sql.ref(column)} in (${sql.join(values)})`
}

function periodOf(column: string, { operator, values: [typed = ""] }: Condition): RawBuilder<boolean> {
  const moment = new Date(momentOf(typed, Date.now()) ?? 0).toISOString()
  const compared = operator === ">" ? sql`<` : sql`>=`
  return sql<boolean>`${sql.ref(column)} ${compared} ${moment}::timestamptz`
}

/** Throws DeckError `invalid`, with the index that is missing, for the first term that would read a large table whole. */
async function refuseUnserved(db: Kysely<Tables>, list: FilteredTable, conditions: readonly Condition[]) {
  const terms = conditions.filter(({ field }) => field !== "since")
  if (terms.length === 0 || conditions.some(beginsPeriod)) return
  const { "Plan Rows": rows } = await planOf(db.selectFrom(list.table).select(sql`1`.as("one")))
  if (rows <= SMALL) return
  const refused: string[] = []
  for (const { field, negated, typed, from } of terms) {
    const { index, isFew = false } = list.terms[field] as TermSource
    const statements = index === undefined || negated ? [] : await creationOfMissing(db, index, list.always)
    // An id in a field of its own is that of a screen about one user, which is read whatever it costs.
    if (isFew && !negated && (statements === undefined || from !== "filter")) return
    if (statements === undefined) continue
    const remedy = statements.length === 0 ? "" : `, or create the index: ${statements.join(" ")}`
    refused.push(
      `no index serves ${typed}, and ${list.table} has ${(rows / 1e6).toFixed(1)} M rows: add a period, as in since:7d${remedy}`,
    )
  }
  const [message] = refused
  if (message !== undefined) throw new DeckError("invalid", message, { field: "filter" })
}

/** The ids of the users that a typed one stands for. */
export async function usersNamed(db: Kysely<Tables>, typed: string, { from }: Asked): Promise<readonly string[]> {
  if (isUuid(typed)) return [typed]
  const ids = await idsByName(db, typed)
  if (ids.length > 0) return ids
  throw new DeckError("not_found", `no user has the id, login, user name or e-mail address "${typed}"`, { field: from })
}
