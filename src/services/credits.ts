import { type Kysely, sql, type Transaction } from "kysely"
import { z } from "zod"
import { anyOf } from "../adapters/postgres/any-of.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { tablesExist } from "../adapters/postgres/tables-exist.ts"
import {
  creditAdjustment,
  creditBalance,
  creditsOfOrgs,
  namedOrgCredits,
  oneOrg,
  orgCredits,
} from "../domain/credits.ts"
import { rawJSON } from "../domain/decimal.ts"
import { DeckError } from "../domain/errors.ts"
import { id } from "../domain/fields.ts"
import { groupDigits } from "../domain/grouped.ts"
import { change } from "./change.ts"
import { defineChange, defineOperation, type OperationContext } from "./operation.ts"
import { nameOfOrg } from "./org-name.ts"
import { authorizeWithin } from "./permission.ts"

const NOT_KEPT = "credits are not kept by this platform: it has no table of them"

/** Transactions that `credits show` answers. */
const NEWEST = 50

/** Contract, section 10: `credits show`. Throws DeckError `not_found`, where the platform keeps none as well. */
export const showCredits = defineOperation({
  words: ["credits", "show"],
  summary: "an organization's credits: the balance, and the newest transactions",
  input: oneOrg,
  answer: orgCredits,
  forPeople: { answer: namedOrgCredits, run: readCredits },
  run: async (context, asked) => {
    const { organization: _, ...credits } = await readCredits(context, asked)
    return credits
  },
})

/** Credits of some organizations together; null where this platform keeps none. No command of its own. */
export const showCreditsOf = defineOperation({
  words: ["credits", "of"],
  summary: "the credits of some organizations",
  input: z.object({ org_ids: z.array(id), limit: z.number() }),
  answer: z.object({ credits: creditsOfOrgs.nullable() }),
  run: ({ postgres, signal }, { org_ids, limit }) =>
    postgres.run(async db => {
      if (!(await isKept(db))) return { credits: null }
      return { credits: { balances: await balancesOf(db, org_ids), transactions: await newestOf(db, org_ids, limit) } }
    }, signal),
})

/**
 * Contract, sections 5 and 10: `credits adjust`. Adding makes the organization's balance where it has none yet; taking
 * away never leaves it below 0. Throws DeckError `conflict` with the balance.
 */
export const adjustCredits = defineChange({
  words: ["credits", "adjust"],
  summary: "add credits to an organization, or take some away",
  input: creditAdjustment,
  answer: creditBalance,
  async preview({ postgres, signal }, { org_id, amount, note }) {
    const { name, before } = await postgres.run(async db => {
      const name = await nameOfOrg(db, org_id)
      await refuseNotKept(db)
      return { name, before: await balanceOf(db, org_id) }
    }, signal)
    const after = before + BigInt(amount)
    if (after < 0n) throw tooFew(amount, before)
    return {
      title: amount > 0 ? `Add ${groupDigits(amount)} credits` : `Remove ${groupDigits(-amount)} credits`,
      subject: [name, org_id],
      effects: [
        `the balance becomes ${groupDigits(after)}; it is ${groupDigits(before)} now`,
        `its members see the transaction and its note: ${note}`,
      ],
      needsConfirmation: true,
    }
  },
  run: (context, { org_id, amount, note, reason }) =>
    change(context, async tx => {
      await nameOfOrg(tx, org_id)
      await refuseNotKept(tx)
      const after = amount > 0 ? await add(tx, org_id, amount) : await takeAway(tx, org_id, -amount)
      await authorizeWithin(tx, context.operator)
      await tx.insertInto("credit_transactions").values({ org_id, amount, type: ADJUSTMENT, note }).execute()
      const before = after - BigInt(amount)
      const audit = {
        action: "credits.adjust",
        target: { type: "account", id: org_id } as const,
        orgId: org_id,
        metadata: { amount, note, transaction_type: ADJUSTMENT },
        before: { balance: rawJSON(String(before)) },
        after: { balance: rawJSON(String(after)) },
      }
      return {
        answer: { balance: after },
        reason,
        audited: [{ audit, steps: [{ what: `balance now ${groupDigits(after)}` }] }],
      }
    }),
})

export const commands = [showCredits, adjustCredits]

const ADJUSTMENT = "admin_adjustment"

const isKept = (db: Kysely<Tables>) => tablesExist(db, "credits", "credit_transactions")

async function refuseNotKept(db: Kysely<Tables>): Promise<void> {
  if (!(await isKept(db))) throw new DeckError("conflict", NOT_KEPT)
}

const tooFew = (amount: number, balance: bigint) =>
  new DeckError("conflict", `there are only ${groupDigits(balance)} credits to take ${groupDigits(-amount)} from`, {
    field: "amount",
  })

/** Reads an organization's credits, with its name. Throws DeckError `not_found`. */
function readCredits({ postgres, signal }: OperationContext, { org_id }: z.infer<typeof oneOrg>) {
  return postgres.run(async db => {
    const organization = await nameOfOrg(db, org_id)
    if (!(await isKept(db))) throw new DeckError("not_found", NOT_KEPT)
    const [balance, transactions] = [await balanceOf(db, org_id), await newestOf(db, [org_id], NEWEST)]
    return { organization, balance, transactions }
  }, signal)
}

/** An organization without a row has no credits. */
async function balanceOf(db: Kysely<Tables>, orgId: string): Promise<bigint> {
  const row = await db.selectFrom("credits").select("balance").where("org_id", "=", orgId).executeTakeFirst()
  return BigInt(row?.balance ?? 0)
}

async function balancesOf(db: Kysely<Tables>, orgIds: readonly string[]) {
  const rows = await db
    .selectFrom("orgs")
    .leftJoin("credits", "credits.org_id", "orgs.id")
    .select(["orgs.id as org_id", "orgs.name as org_name", "credits.balance"])
    .where("orgs.id", "=", anyOf(orgIds))
    .orderBy("orgs.name")
    .orderBy("orgs.id")
    .execute()
  return rows.map(({ balance, ...org }) => ({ ...org, balance: BigInt(balance ?? 0) }))
}

/** The newest transactions of the organizations together; of each, only its own newest are read. */
async function newestOf(db: Kysely<Tables>, orgIds: readonly string[], limit: number) {
  const rows = await db
    .selectFrom("orgs")
    .innerJoinLateral(
      eb =>
        eb
          .selectFrom("credit_transactions")
          .select(["id", "created_at", "amount", "type", "reference_type", "reference_id", "note"])
          .whereRef("credit_transactions.org_id", "=", "orgs.id")
          .orderBy("created_at", "desc")
          .orderBy("id", "desc")
          .limit(limit)
          .as("newest"),
      join => join.onTrue(),
    )
    .select(["newest.id", "newest.created_at", "newest.amount", "newest.type", "newest.reference_type"])
    .select(["newest.reference_id", "newest.note", "orgs.id as org_id", "orgs.name as org_name"])
    .where("orgs.id", "=", anyOf(orgIds))
    .orderBy("newest.created_at", "desc")
    .orderBy("newest.id", "desc")
    .limit(limit)
    .execute()
  return rows.map(({ amount, ...row }) => ({ ...row, amount: BigInt(amount) }))
}

/** Returns the balance after it; whoever adds at the same time waits. */
async function add(tx: Transaction<Tables>, orgId: string, amount: number): Promise<bigint> {
  const { balance } = await tx
    .insertInto("credits")
    .values({ org_id: orgId, balance: amount })
    .onConflict(conflict =>
      conflict.column("org_id").doUpdateSet(eb => ({
        balance: sql`${eb.ref("credits.balance")} + ${eb.ref("excluded.balance")}`,
        updated_at: sql`now()`,
      })),
    )
    .returning("balance")
    .executeTakeFirstOrThrow()
  return BigInt(balance)
}

/** Returns the balance after it. Throws DeckError "conflict" where it would fall below 0. */
async function takeAway(tx: Transaction<Tables>, orgId: string, amount: number): Promise<bigint> {
  const row = await tx
    .updateTable("credits")
    .set(eb => ({ balance: eb("balance", "-", String(amount)), updated_at: sql`now()` }))
    .where("org_id", "=", orgId)
    .where("balance", ">=", String(amount))
    .returning("balance")
    .executeTakeFirst()
  if (row === undefined) throw tooFew(-amount, await balanceOf(tx, orgId))
  return BigInt(row.balance)
}
