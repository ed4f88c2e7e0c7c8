import type { Kysely } from "kysely"
import type { z } from "zod"
import { inOrder } from "../../adapters/postgres/cursor.ts"
import { sortedBy } from "../../adapters/postgres/order.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { page } from "../../domain/fields.ts"
import { referral, referralFilter, referralRow } from "../../domain/referral.ts"
import { ringsOf } from "../../domain/referral-rings.ts"
import { type FilteredTable, findFilter, usersNamed } from "../list-filter.ts"
import { defineOperation } from "../operation.ts"
import { hiddenRows } from "../row-security.ts"
import { defineSorts, orderFor, pageInOrder, sortOption } from "../sort.ts"
import { accountsOf } from "./accounts.ts"
import { invitersAbove } from "./inviters.ts"

/** What referrals can be sorted by. */
const SORTS = defineSorts({ created_at: "referrals_newest", id: "referrals_pkey" })

const input = referralFilter.extend({ sort: sortOption(SORTS) })

/** Contract, section 2: `referrals list`. For the console also with the accounts and rings of the pairs. */
export const listReferrals = defineOperation({
  words: ["referrals", "list"],
  mayLag: true,
  summary: "who invited whom, newest first",
  caveat: hiddenRows,
  input,
  sorts: SORTS,
  answer: page(referralRow),
  rows: async (db, filter) => (await referralsOf(db, filter)).select("referrals.id"),
  run: ({ postgres, signal }, filter) =>
    postgres.run(async db => {
      const { data, next_cursor } = await referralPage(db, filter)
      const invitees = data.map(row => row.invitee_user_id)
      const account = await accountsOf(db, [...invitees, ...data.map(row => row.inviter_user_id)])
      const rings = ringsOf(await invitersAbove(db, invitees))
      const rows = data.map(row => ({
        ...row,
        inviter: account(row.inviter_user_id),
        invitee: account(row.invitee_user_id),
        ring: rings.get(row.invitee_user_id)?.length ?? null,
        inviter_ring: rings.get(row.inviter_user_id)?.length ?? null,
      }))
      return { data: rows, next_cursor }
    }, signal),
  contract: {
    answer: page(referral),
    run: ({ postgres, signal }, filter) => postgres.run(db => referralPage(db, filter), signal),
  },
})

export const commands = [listReferrals]

const FILTERED: FilteredTable = {
  input: referralFilter,
  table: "referrals",
  time: "referrals.created_at",
  terms: {
    inviter_user_id: {
      by: "referrals.inviter_user_id",
      index: "referrals_inviter",
      isFew: true,
      resolve: usersNamed,
    },
    invite_code_id: { by: "referrals.invite_code_id", index: "referrals_invite_code", isFew: true },
  },
}

type ReferralFilter = z.output<typeof input>

async function referralsOf(db: Kysely<Tables>, filter: ReferralFilter) {
  return db.selectFrom("referrals").where((await findFilter(db, FILTERED, filter)).condition)
}

async function referralPage(db: Kysely<Tables>, request: ReferralFilter) {
  const order = await orderFor(db, SORTS, request)
  const found = inOrder((await referralsOf(db, request)).selectAll(), order, request)
  const rows = await sortedBy(
    db
      .selectFrom(found.as("referrals"))
      .leftJoin("user_credentials as inviter", "inviter.user_id", "referrals.inviter_user_id")
      .leftJoin("user_credentials as invitee", "invitee.user_id", "referrals.invitee_user_id")
      .leftJoin("invite_codes", "invite_codes.id", "referrals.invite_code_id")
      .select(["referrals.id", "referrals.inviter_user_id", "referrals.invitee_user_id", "referrals.invite_code_id"])
      .select(["referrals.credited", "referrals.created_at", "invite_codes.code"])
      .select(["inviter.login as inviter_login", "invitee.login as invitee_login"]),
    order,
  ).execute()
  return pageInOrder(rows, request.limit, order)
}
