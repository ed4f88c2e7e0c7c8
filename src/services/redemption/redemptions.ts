import { newestFirst, sortedNewestFirst, toPage } from "../../adapters/postgres/cursor.ts"
import { page } from "../../domain/fields.ts"
import { redemption, redemptionFilter } from "../../domain/redemption-code.ts"
import { defineOperation } from "../operation.ts"

const ORDER = { time: "redemption_records.redeemed_at", id: "redemption_records.id" }

/** The redemptions of one code, newest first, deleted users included. No command of its own. */
export const listRedemptions = defineOperation({
  words: ["codes", "redemptions"],
  summary: "who redeemed a redemption code",
  input: redemptionFilter,
  answer: page(redemption),
  run: ({ postgres, signal }, { id, ...request }) =>
    postgres.run(async db => {
      const ofCode = db.selectFrom("redemption_records").selectAll().where("redemption_records.code_id", "=", id)
      const records = newestFirst(ofCode, ORDER, request).as("redemption_records")
      const rows = await sortedNewestFirst(
        db
          .selectFrom(records)
          .leftJoin("users", "users.id", "redemption_records.user_id")
          .leftJoin("user_credentials", "user_credentials.user_id", "redemption_records.user_id")
          .leftJoin("orgs", "orgs.id", "redemption_records.org_id")
          .select(["redemption_records.id", "redemption_records.user_id", "user_credentials.login", "users.username"])
          .select(["redemption_records.org_id", "orgs.name as org_name", "redemption_records.redeemed_at"]),
        ORDER,
      ).execute()
      return toPage(rows, request.limit, row => [row.redeemed_at, row.id])
    }, signal),
})
