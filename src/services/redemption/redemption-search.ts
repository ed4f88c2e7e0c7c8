import { type Kysely, type RawBuilder, sql } from "kysely"
import { inOrder, type PageRequest } from "../../adapters/postgres/cursor.ts"
import { contains } from "../../adapters/postgres/like.ts"
import { type ListOrder, orderIn } from "../../adapters/postgres/order.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { CODE_ALPHABET, CODE_PATTERN } from "../../domain/redemption-code.ts"
import { idsOfPage, type Searched } from "../search.ts"

/** Codes with a text in the code or in the name of the batch. */
export const searchedCodes = (condition: RawBuilder<boolean>): Searched<"redemption_codes"> => ({
  names: ["redemption_codes.code", "redemption_codes.batch_id"],
  rows: db => db.selectFrom("redemption_codes"),
  condition,
})

/**
 * Returns the ids of the first codes in this order with `q` in the code or in the name of the batch, including those of the
 * requested page. Batches are found by their names, complete codes by the index of codes. A possible part of a random
 * code is searched for in all of them, in the order: with few matches, that takes a second for a million codes.
 */
export async function idsOfCodes(
  db: Kysely<Tables>,
  q: string,
  condition: RawBuilder<boolean>,
  order: ListOrder,
  request: PageRequest,
): Promise<string[]> {
  const searched = (names: readonly string[], also = sql<boolean>`true`): Searched<"redemption_codes"> => ({
    names,
    rows: db => db.selectFrom("redemption_codes").where(also),
    condition,
  })
  const inCodes = await idsOfPage(db, searched(["redemption_codes.code"], likelyCodes(q)), q, order, request)
  const batches = (await hasBatchIndex(db)) ? await batchesWith(db, q) : undefined
  const inBatches = batches
    ? await idsInBatches(db, batches, condition, order, request)
    : await idsOfPage(db, searched(["redemption_codes.batch_id"]), q, order, request)
  return [...inCodes, ...inBatches]
}

const WHOLE = new RegExp(CODE_PATTERN, "i")
const GROUP = `[${CODE_ALPHABET}]{0,4}`
const PART = new RegExp(`^${GROUP}(-${GROUP}){0,3}$`, "i")

/** Condition for codes that can contain `q`: those that are words, not random, are few, and have an index. */
function likelyCodes(q: string): RawBuilder<boolean> {
  const worded = sql<boolean>`code !~ ${sql.lit(CODE_PATTERN)}`
  if (WHOLE.test(q)) return sql`(code = ${q.toUpperCase()} or ${worded})`
  return PART.test(q) ? sql`true` : worded
}

/** Without an index every step from one name to the next would read the whole table. */
async function hasBatchIndex(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`
    select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = 'redemption_codes'::regclass and i.indisvalid and a.attname = 'batch_id'`.execute(db)
  return rows.length > 0
}

/** With this many batches, some of their codes are soon met among the newest. */
const MANY = 200

/** The names of the batches with `q` in them, found from one to the next by index; undefined for many. */
async function batchesWith(db: Kysely<Tables>, q: string): Promise<string[] | undefined> {
  const { rows } = await sql<{ batch_id: string }>`
    with recursive names as (
      select min(batch_id) as batch_id from redemption_codes where batch_id is not null
      union all
      select (select min(batch_id) from redemption_codes where batch_id > names.batch_id)
      from names where names.batch_id is not null
    )
    select batch_id from names where ${contains("batch_id", q)} limit ${MANY + 1}`.execute(db)
  return rows.length > MANY ? undefined : rows.map(({ batch_id }) => batch_id)
}

/** Returns the first codes of all the batches. Newest first they are read separately for each, in the order of the batches' index. */
async function idsInBatches(
  db: Kysely<Tables>,
  batches: readonly string[],
  condition: RawBuilder<boolean>,
  order: ListOrder,
  request: PageRequest,
): Promise<string[]> {
  const codes = db
    .selectFrom("redemption_codes")
    .select(["redemption_codes.id", "redemption_codes.created_at"])
    .where(condition)
  if (order.columns[0]?.column !== "redemption_codes.created_at") {
    const inThem = codes.where("redemption_codes.batch_id", "=", sql<string>`any(${batches}::text[])`)
    return (await inOrder(inThem, order, request).execute()).map(({ id }) => id)
  }
  const ofEach = db
    .selectFrom(sql<{ name: string }>`unnest(${batches}::text[])`.as<"batch">(sql`batch(name)`))
    .innerJoinLateral(
      inOrder(codes.where(sql<boolean>`redemption_codes.batch_id = batch.name`), order, request).as("first"),
      join => join.onTrue(),
    )
    .select("first.id")
  const rows = await inOrder(ofEach, orderIn(order, "first"), request).execute()
  return rows.map(({ id }) => id)
}
