import type { Kysely, RawBuilder, SelectQueryBuilder } from "kysely"
import type { z } from "zod"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import { inOrder } from "../../adapters/postgres/cursor.ts"
import { sortedBy } from "../../adapters/postgres/order.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import { page } from "../../domain/fields.ts"
import {
  type InviteCode,
  type InviteCodeRow,
  inviteCode,
  inviteCodeFilter,
  inviteCodeRow,
  oneInviteCode,
} from "../../domain/invite-code.ts"
import { type FilteredTable, findFilter } from "../list-filter.ts"
import { defineOperation } from "../operation.ts"
import { hiddenRows } from "../row-security.ts"
import { idsOfPage, rowsWith, type Searched } from "../search.ts"
import { defineSorts, orderFor, pageInOrder, sortOption } from "../sort.ts"
import { statusOf } from "../users/users.ts"

/** What invite codes can be sorted by. */
const SORTS = defineSorts({
  created_at: "invite_codes_newest",
  code: "invite_codes_code_key",
  id: "invite_codes_pkey",
})

const input = inviteCodeFilter.extend({ sort: sortOption(SORTS) })

/** Contract, section 2: `invites list`. For the console also with the owner's name and status. */
export const listInviteCodes = defineOperation({
  words: ["invites", "list"],
  mayLag: true,
  summary: "invite codes with their owners, newest first",
  caveat: hiddenRows,
  input,
  sorts: SORTS,
  answer: page(inviteCodeRow),
  rows: async (db, filter) => {
    const { q, condition } = await findFilter(db, FILTERED, filter)
    return rowsWith(db, searchedInviteCodes(condition), q).select("invite_codes.id")
  },
  run: ({ postgres, signal }, filter) => postgres.run(db => inviteCodePage(db, filter), signal),
  contract: { answer: page(inviteCode) },
})

/** Contract, section 2: `invites show`. Throws DeckError `not_found`. For the console also with the owner's status. */
export const showInviteCode = defineOperation({
  words: ["invites", "show"],
  summary: "one invite code, with its owner",
  input: oneInviteCode,
  answer: inviteCodeRow,
  run: ({ postgres, signal }, { id }) => postgres.run(db => inviteCodeOf(db, id), signal),
  contract: { answer: inviteCode },
})

export const commands = [listInviteCodes, showInviteCode]

/** Reads the invite code of `id`, within the transaction of `db`. Throws DeckError "not_found". */
export async function inviteCodeOf(db: Kysely<Tables>, id: string): Promise<InviteCodeRow> {
  const found = await withOwner(db.selectFrom("invite_codes")).where("invite_codes.id", "=", id).executeTakeFirst()
  if (found === undefined) throw new DeckError("not_found", `there is no invite code with the id ${id}`)
  return found
}

/** The code in the contract's form. */
export const withoutOwner = ({ user_name, user_status, ...code }: InviteCodeRow): InviteCode => code

const withOwner = (codes: SelectQueryBuilder<Tables, "invite_codes", object>) =>
  codes
    .leftJoin("users", "users.id", "invite_codes.user_id")
    .leftJoin("user_credentials", "user_credentials.user_id", "invite_codes.user_id")
    .select(["invite_codes.id", "invite_codes.user_id", "invite_codes.code"])
    .select(["invite_codes.max_uses", "invite_codes.use_count", "invite_codes.is_active", "invite_codes.created_at"])
    .select(["user_credentials.login as user_login", "users.email as user_email", "users.username as user_name"])
    .select(statusOf("users").as("user_status"))

const FILTERED: FilteredTable = {
  input: inviteCodeFilter,
  table: "invite_codes",
  time: "invite_codes.created_at",
  terms: {},
}

const searchedInviteCodes = (
  condition: RawBuilder<boolean>,
): Searched<"invite_codes" | "users" | "user_credentials"> => ({
  condition,
  names: ["invite_codes.code", "user_credentials.login", "users.email"],
  rows: db =>
    db
      .selectFrom("invite_codes")
      .leftJoin("users", "users.id", "invite_codes.user_id")
      .leftJoin("user_credentials", "user_credentials.user_id", "invite_codes.user_id"),
})

async function inviteCodePage(db: Kysely<Tables>, request: z.output<typeof input>) {
  const order = await orderFor(db, SORTS, request)
  const { q, condition } = await findFilter(db, FILTERED, request)
  const found = q === "" ? undefined : await idsOfPage(db, searchedInviteCodes(condition), q, order, request)
  const all = db.selectFrom("invite_codes").selectAll().where(condition)
  const matching = found === undefined ? all : all.where("invite_codes.id", "=", anyOf(found))
  const codes = inOrder(matching, order, request)
  const rows = await sortedBy(withOwner(db.selectFrom(codes.as("invite_codes"))), order).execute()
  return pageInOrder(rows, request.limit, order)
}
