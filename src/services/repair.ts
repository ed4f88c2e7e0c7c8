import { type Kysely, sql } from "kysely"
import { z } from "zod"
import { anyOf } from "../adapters/postgres/any-of.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { missingTokenMarks, raiseTokenMark } from "../adapters/redis/token-marks.ts"
import { isUuid } from "../domain/uuid.ts"
import { ownAudit } from "./audit.ts"
import { type PlannedStep, settle } from "./change.ts"
import { asFarAsKnown, type Debt } from "./debt.ts"
import { cachedKeys } from "./key-debts.ts"
import { defineChange, type Stores } from "./operation.ts"
import { changedSettings } from "./setting-debts.ts"
import { MICROSECONDS } from "./users/user-access.ts"

/** Makes the writes still owed to Redis (contract, section 5); what is owed follows from the rows and from Redis. */
export const repair = defineChange({
  words: ["repair"],
  summary: "write to Redis what changes still owe",
  input: z.object({}),
  // The steps once more, as lines for people.
  answer: z
    .object({ data: z.array(z.object({ what: z.string(), owed: z.string().nullable() })) })
    .meta({ detail: true }),
  async preview(context) {
    const effects = (await owed(context)).map(({ what }) => `${what}: written again`)
    return {
      title: "Make the writes owed to Redis",
      subject: [],
      effects: effects.length > 0 ? effects : ["nothing is owed"],
      needsConfirmation: false,
    }
  },
  async run(context) {
    const steps = await settle(await owed(context), context.redis)
    return { answer: { data: steps.map(({ what, owed = null }) => ({ what, owed })) }, steps }
  },
})

export const commands = [repair]

/** Token marks of the users whose sessions opsdeck ended, where Redis has none or an earlier one. */
const sessionMarks: Debt = async ({ postgres, redis, signal }) => {
  const people = await postgres.run(endedSessions, signal)
  const marks = people.map(({ id, before }) => ({ userId: id, before: BigInt(before) }))
  const names = new Map(people.map(({ id, username }) => [id, username]))
  return asFarAsKnown(`sessions of up to ${people.length} users (Redis)`, async () =>
    (await missingTokenMarks(redis.api, marks, signal)).map(mark => ({
      what: `sessions of ${names.get(mark.userId)} (Redis)`,
      redis: ({ api }) => raiseTokenMark(api, mark),
    })),
  )
}

const DEBTS: readonly Debt[] = [sessionMarks, cachedKeys, changedSettings]

/** Returns all writes owed now. */
export async function owed(context: Stores): Promise<PlannedStep[]> {
  const due: PlannedStep[] = []
  for (const debt of DEBTS) due.push(...(await debt(context)))
  return due
}

/** An older token has expired. */
const TOKENS_LIVE = sql<string>`now() - interval '30 days'`

const newStatus = sql<string>`${sql.ref("metadata_json")} ->> 'new_status'`

async function endedSessions(db: Kysely<Tables>) {
  const rows = await ownAudit(db)
    .select("target_id")
    .distinct()
    .where("target_type", "=", "user")
    .where(eb =>
      eb.or([
        eb("action", "=", "users.end_access"),
        eb("action", "=", "users.status_changed").and(newStatus, "in", ["suspended", "deleted"]),
      ]),
    )
    .execute()
  const ids = rows.flatMap(({ target_id }) => (target_id !== null && isUuid(target_id) ? [target_id] : []))
  return db
    .selectFrom("users")
    .select(["id", "username", MICROSECONDS.as("before")])
    .where("id", "=", anyOf(ids))
    .where("tokens_invalid_before", ">", TOKENS_LIVE)
    .orderBy("username")
    .execute()
}
