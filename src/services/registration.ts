import { type Kysely, sql, type Transaction } from "kysely"
import { z } from "zod"
import type { Tables } from "../adapters/postgres/tables.ts"
import { tablesExist } from "../adapters/postgres/tables-exist.ts"
import { featureCacheKey } from "../adapters/redis/keys.ts"
import { DeckError } from "../domain/errors.ts"
import { type Registration, registration, registrationUpdate } from "../domain/registration.ts"
import { ownAudit } from "./audit.ts"
import { type AuditedChange, change, effectsOf, refuseUnseen } from "./change.ts"
import { type Debt, type Due, owedEffects } from "./debt.ts"
import { defineChange, defineOperation, type Stores } from "./operation.ts"
import { authorizeWithin } from "./permission.ts"

const FLAG = "registration.open"
const KEY = featureCacheKey(FLAG)
const NOT_KEPT = "not kept by this platform: it has no table of feature flags"

/** Contract, section 2: `registration show`. The answer says besides whether this platform keeps the flag. */
export const showRegistration = defineOperation({
  words: ["registration", "show"],
  summary: "whether anybody may create an account, or only with an invitation",
  input: z.object({}),
  answer: registration.extend({ kept: z.boolean() }),
  contract: { answer: registration },
  run: ({ postgres, signal }) =>
    postgres.run(async db => {
      const kept = await isKept(db)
      return { ...stateOf(kept ? await flagOf(db) : undefined), kept }
    }, signal),
  caveat: async ({ postgres, signal }) => ((await postgres.run(isKept, signal)) ? undefined : NOT_KEPT),
})

/** Contract, section 2: `registration set`. A row is inserted where there is none, unless that is what is asked for. */
export const setRegistration = defineChange({
  words: ["registration", "set"],
  writes: "api",
  summary: "open registration to anybody, or close it: by invitation only",
  input: registrationUpdate,
  answer: registration,
  async preview(context, { open }) {
    const { flag, owing } = await context.postgres.run(async db => {
      await refuseNotKept(db)
      const flag = await flagOf(db)
      const isSo = stateOf(flag).open === open
      return { flag, owing: isSo ? await duesOf(context, db) : [] }
    }, context.signal)
    const now = stateOf(flag)
    return {
      title: open ? "Open registration" : "Close registration",
      subject: [`now ${now.open ? "open to anybody" : "by invitation only"}${flag ? "" : ", the platform's default"}`],
      ...effectsOf(
        now.open === open ? await owedEffects(owing, context) : [EFFECTS[open ? "open" : "closed"]],
        now.open ? "it is open already" : "it is by invitation only already",
      ),
      needsConfirmation: true,
    }
  },
  run: (context, { open, reason }) =>
    change(context, async tx => {
      await refuseNotKept(tx)
      const before = await flagOf(tx, true)
      await authorizeWithin(tx, context.operator)
      refuseUnseen(context, stateOf(before), { open })
      const isSo = stateOf(before).open === open
      const id = isSo ? undefined : await write(tx, before, open)
      const owing = await duesOf(context, tx)
      const audited: AuditedChange[] = id === undefined ? [] : [auditedOf(id, before, open, owing)]
      return { answer: stateOf(isSo ? before : { default_value: open }), reason, audited, owing }
    }),
})

export const commands = [showRegistration, setRegistration]

const EFFECTS = {
  open: "anybody can create an account, without an invite code",
  closed: "a new account needs an invite code; accounts that exist stay",
}

/** The API's cache of the flag, where it holds another value than the row. */
export const registrationCache: Debt<boolean> = {
  async changed(db) {
    const row = await ownAudit(db)
      .select("id")
      .where("action", "in", ["feature_flags.create", "feature_flags.update"])
      .where(sql`${sql.ref("metadata_json")} ->> 'key'`, "=", FLAG)
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  },
  async due(_, db, asked) {
    if (!asked || !(await isKept(db))) return []
    const { open } = stateOf(await flagOf(db))
    const step = {
      what: "API's cache of registration (Redis)",
      redis: async ({ api }: Stores["redis"]) => void (await api.run(redis => redis.del(KEY))),
    }
    const due: Due = {
      ...step,
      missing: async ({ api }, signal) => {
        const [cached] = await api.run(redis => redis.mget(KEY), signal)
        return typeof cached !== "string" || cached === (open ? "1" : "0") ? [] : [step]
      },
    }
    return [due]
  },
}

const duesOf = (stores: Pick<Stores, "postgres" | "redis">, db: Kysely<Tables>) =>
  registrationCache.due(stores, db, true)

interface Flag {
  readonly id: string
  readonly default_value: boolean
}

const stateOf = (flag: Pick<Flag, "default_value"> | undefined): Registration => ({
  open: flag?.default_value ?? false,
  source: flag === undefined ? "default" : "flag",
})

const isKept = (db: Kysely<Tables>) => tablesExist(db, "feature_flags")

async function refuseNotKept(db: Kysely<Tables>): Promise<void> {
  if (!(await isKept(db))) throw new DeckError("conflict", `registration cannot be switched here: ${NOT_KEPT}`)
}

const flagOf = (db: Kysely<Tables>, isLocked = false): Promise<Flag | undefined> =>
  db
    .selectFrom("feature_flags")
    .select(["id", "default_value"])
    .where("key", "=", FLAG)
    .$if(isLocked, query => query.forUpdate())
    .executeTakeFirst()

/** Writes the flag, and returns its id. Throws DeckError "conflict" where somebody inserted it meanwhile. */
async function write(tx: Transaction<Tables>, before: Flag | undefined, open: boolean): Promise<string> {
  if (before !== undefined) {
    await tx.updateTable("feature_flags").set({ default_value: open }).where("id", "=", before.id).execute()
    return before.id
  }
  const inserted = await tx
    .insertInto("feature_flags")
    .values({ key: FLAG, default_value: open })
    .onConflict(conflict => conflict.column("key").doNothing())
    .returning("id")
    .executeTakeFirst()
  if (inserted === undefined) throw new DeckError("conflict", "another operator saved meanwhile: look again")
  return inserted.id
}

const auditedOf = (
  id: string,
  before: Flag | undefined,
  open: boolean,
  owing: AuditedChange["steps"],
): AuditedChange => ({
  audit: {
    action: before === undefined ? "feature_flags.create" : "feature_flags.update",
    target: { type: "feature_flag", id },
    metadata: { key: FLAG },
    ...(before !== undefined && { before: { default_value: before.default_value } }),
    after: { default_value: open },
  },
  steps: [{ what: open ? "registration opened" : "registration closed" }, ...owing],
})
