import type { Kysely, SelectQueryBuilder } from "kysely"
import type { z } from "zod"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import { newestFirst, sortedNewestFirst, toPage } from "../../adapters/postgres/cursor.ts"
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
import { defineOperation } from "../operation.ts"
import { hiddenRows } from "../row-security.ts"
import { idsOfPage, rowsWith, type Searched } from "../search.ts"
import { statusOf } from "../users/users.ts"

/** Contract, section 2: `invites list`. For the console also with the owner's name and status. */
export const listInviteCodes = defineOperation({
  words: ["invites", "list"],
  summary: "invite codes with their owners, newest first",
  caveat: hiddenRows,
  input: inviteCodeFilter,
  answer: page(inviteCodeRow),
  rows: (db, { q = "" }) => rowsWith(db, searchedInviteCodes, q).select("invite_codes.id"),
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

const ORDER = { time: "invite_codes.created_at", id: "invite_codes.id" }

const searchedInviteCodes: Searched<"invite_codes" | "users" | "user_credentials"> = {
  table: "invite_codes",
  names: ["invite_codes.code", "user_credentials.login", "users.email"],
  rows: db =>
    db
      .selectFrom("invite_codes")
      .leftJoin("users", "users.id", "invite_codes.user_id")
      .leftJoin("user_credentials", "user_credentials.user_id", "invite_codes.user_id"),
}

async function inviteCodePage(db: Kysely<Tables>, { q = "", ...request }: z.output<typeof inviteCodeFilter>) {
  const found = q === "" ? undefined : await idsOfPage(db, searchedInviteCodes, q, request)
  const codes = newestFirst(db.selectFrom("invite_codes").selectAll(), ORDER, request).$if(found !== undefined, query =>
    query.where("invite_codes.id", "=", anyOf(found ?? [])),
  )
  const rows = await sortedNewestFirst(withOwner(db.selectFrom(codes.as("invite_codes"))), ORDER).execute()
  return toPage(rows, request.limit, row => ({ time: row.created_at, id: row.id }))
}
