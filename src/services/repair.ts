import { z } from "zod"
import { DeckError } from "../domain/errors.ts"
import { redisOfAnotherPlatform } from "./belonging.ts"
import { settle } from "./change.ts"
import { type Debt, owedEffects, owedOf, type PlannedStep } from "./debt.ts"
import { gatewayCopy } from "./gateway/copy-debt.ts"
import { heldBuckets } from "./gateway/hold-debt.ts"
import { defineChange, type Stores } from "./operation.ts"
import { registrationCache } from "./registration.ts"
import { settingCaches } from "./setting-debts.ts"
import { accessDebts } from "./users/access-debts.ts"

/** Makes the writes still owed to Redis (contract, section 5); what is owed follows from the rows and from Redis. */
export const repair = defineChange({
  words: ["repair"],
  summary: "retry the pending writes to Redis",
  input: z.object({}),
  // The steps once more, as lines for people.
  answer: z
    .object({ data: z.array(z.object({ what: z.string(), owed: z.string().nullable() })) })
    .meta({ detail: true }),
  async preview(context) {
    const effects = await owedEffects(await dues(context), context)
    return {
      title: "Retry the pending writes to Redis",
      subject: [],
      effects: effects.length > 0 ? effects : ["no pending writes"],
      needsConfirmation: false,
    }
  },
  async run(context) {
    const due = await owed(context)
    // The console's start runs it unasked.
    if (due.length > 0) await refuseForeign(context)
    const steps = await settle(due, context.redis)
    return { answer: { data: steps.map(({ what, owed = null }) => ({ what, owed })) }, steps }
  },
})

export const commands = [repair]

const ofChanges = <Asked>({ changed, due }: Debt<Asked>) => {
  return (stores: Stores) => stores.postgres.run(async db => due(stores, db, await changed(db)), stores.signal)
}

const DEBTS = [
  ...accessDebts.map(ofChanges),
  ofChanges(gatewayCopy),
  ofChanges(settingCaches),
  ofChanges(registrationCache),
  ofChanges(heldBuckets),
]

/** What Redis has to hold after the changes of the last 30 days. */
async function dues(stores: Stores) {
  const all = []
  for (const look of DEBTS) all.push(...(await look(stores)))
  return all
}

/** Returns all writes owed now. */
export const owed = async (stores: Stores): Promise<PlannedStep[]> => owedOf(await dues(stores), stores)

/** Throws DeckError "conflict" where a Redis may be another platform's. */
async function refuseForeign(stores: Stores): Promise<void> {
  for (const written of ["api", "gateway"] as const) {
    const { says } = await redisOfAnotherPlatform(stores, written)
    if (says.length > 0) throw new DeckError("conflict", `nothing was written: ${says.join("; ")}`)
  }
}
