import type { SelectQueryBuilder } from "kysely"
import { newestFirst, sortedNewestFirst, toPage } from "../../adapters/postgres/cursor.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { page } from "../../domain/fields.ts"
import { joinerFilter, referred } from "../../domain/invite-code.ts"
import { defineOperation } from "../operation.ts"
import { statusOf } from "../users/users.ts"

/** The accounts that joined with one invite code, newest first, deleted users included. No command of its own. */
export const listJoiners = defineOperation({
  words: ["invites", "joiners"],
  summary: "accounts that joined with an invite code",
  input: joinerFilter,
  answer: page(referred),
  run: ({ postgres, signal }, { id, ...request }) =>
    postgres.run(async db => {
      const ofCode = db.selectFrom("referrals").selectAll().where("referrals.invite_code_id", "=", id)
      const referrals = newestFirst(ofCode, ORDER, request)
      const people = withPerson(db.selectFrom(referrals.as("referrals")), "invitee_user_id")
      const rows = await sortedNewestFirst(people, ORDER).execute()
      return toPage(rows, request.limit, row => [row.created_at, row.id])
    }, signal),
})

const ORDER = { time: "referrals.created_at", id: "referrals.id" }

/** Joins the account at one `end` of referrals, which may be gone. */
export const withPerson = (
  referrals: SelectQueryBuilder<Tables, "referrals", object>,
  end: "inviter_user_id" | "invitee_user_id",
) =>
  referrals
    .leftJoin("users", "users.id", `referrals.${end}`)
    .leftJoin("user_credentials", "user_credentials.user_id", `referrals.${end}`)
    .select(["referrals.id", `referrals.${end} as user_id`, "user_credentials.login", "users.username"])
    .select(["referrals.credited", "referrals.created_at"])
    .select(statusOf("users").as("status"))
