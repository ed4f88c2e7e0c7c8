import { type Kysely, type SelectQueryBuilder, sql } from "kysely"
import type { z } from "zod"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import { inOrder } from "../../adapters/postgres/cursor.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import { page } from "../../domain/fields.ts"
import {
  oneRedemptionCode,
  type RedemptionCode,
  type RedemptionCodeRow,
  redemptionCode,
  redemptionCodeDetail,
  redemptionCodeFilter,
  redemptionCodeRow,
} from "../../domain/redemption-code.ts"
import { type FilteredTable, findFilter } from "../list-filter.ts"
import { defineOperation } from "../operation.ts"
import { hiddenRows } from "../row-security.ts"
import { rowsWith } from "../search.ts"
import { defineSorts, orderFor, pageInOrder, sortOption } from "../sort.ts"
import { idsOfCodes, searchedCodes } from "./redemption-search.ts"
import { redemptionState } from "./redemption-state.ts"

/** What redemption codes can be sorted by. */
const SORTS = defineSorts({
  created_at: "redemption_codes_newest",
  code: "redemption_codes_code_key",
  type: "redemption_codes_type",
  batch_id: "redemption_codes_batch",
  id: "redemption_codes_pkey",
})

const input = redemptionCodeFilter.extend({ sort: sortOption(SORTS) })

/** Contract, section 2: `codes list`. For the console also with the present state of each. */
export const listRedemptionCodes = defineOperation({
  words: ["codes", "list"],
  mayLag: true,
  summary: "redemption codes, newest first",
  caveat: hiddenRows,
  input,
  sorts: SORTS,
  answer: page(redemptionCodeRow),
  rows: async (db, filter) => {
    const { q, condition } = await findFilter(db, FILTERED, filter)
    return rowsWith(db, searchedCodes(condition), q).select("redemption_codes.id")
  },
  run: ({ postgres, signal }, filter) => postgres.run(db => redemptionCodePage(db, filter), signal),
  contract: { answer: page(redemptionCode) },
})

export const commands = [listRedemptionCodes]

/** One redemption code, with its creator. Throws DeckError `not_found` for an unknown id. No command of its own. */
export const showRedemptionCode = defineOperation({
  words: ["codes", "show"],
  summary: "one redemption code, with its creator",
  input: oneRedemptionCode,
  answer: redemptionCodeDetail,
  run: ({ postgres, signal }, { id }) =>
    postgres.run(async db => {
      const code = await redemptionCodeOf(db, id)
      const maker = await db
        .selectFrom("users")
        .leftJoin("user_credentials", "user_credentials.user_id", "users.id")
        .select(["user_credentials.login as created_by_login", "users.username as created_by_username"])
        .where("users.id", "=", code.created_by_user_id)
        .executeTakeFirst()
      return { ...code, ...(maker ?? { created_by_login: null, created_by_username: null }) }
    }, signal),
})

/** Reads the redemption code of `id`, within the transaction of `db`. Throws DeckError "not_found". */
export async function redemptionCodeOf(db: Kysely<Tables>, id: string): Promise<RedemptionCodeRow> {
  const found = await codes(db.selectFrom("redemption_codes")).where("redemption_codes.id", "=", id).executeTakeFirst()
  if (found === undefined) throw new DeckError("not_found", `there is no redemption code with the id ${id}`)
  return found
}

/** The code in the contract's form. */
export const withoutState = ({ state, ...code }: RedemptionCodeRow): RedemptionCode => code

const codes = (from: SelectQueryBuilder<Tables, "redemption_codes", object>) =>
  from
    .select(["redemption_codes.id", "redemption_codes.code", "redemption_codes.type", "redemption_codes.value"])
    .select(["redemption_codes.max_uses", "redemption_codes.use_count", "redemption_codes.expires_at"])
    .select(["redemption_codes.is_active", "redemption_codes.batch_id", "redemption_codes.created_by_user_id"])
    .select(["redemption_codes.created_at", redemptionState.as("state")])

const FILTERED: FilteredTable = {
  input: redemptionCodeFilter,
  table: "redemption_codes",
  time: "redemption_codes.created_at",
  terms: {
    type: { by: "redemption_codes.type", index: "redemption_codes_type" },
    state: { by: state => sql<boolean>`${redemptionState} = ${state}` },
    batch_id: { by: "redemption_codes.batch_id", index: "redemption_codes_batch", isFew: true },
  },
}

async function redemptionCodePage(db: Kysely<Tables>, request: z.output<typeof input>) {
  const order = await orderFor(db, SORTS, request)
  const { q, condition } = await findFilter(db, FILTERED, request)
  const found = q === "" ? undefined : await idsOfCodes(db, q, condition, order, request)
  const all = codes(db.selectFrom("redemption_codes")).where(condition)
  const matching = found === undefined ? all : all.where("redemption_codes.id", "=", anyOf(found))
  const rows = await inOrder(matching, order, request).execute()
  return pageInOrder(rows, request.limit, order)
}
