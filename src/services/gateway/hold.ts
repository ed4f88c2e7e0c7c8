import { type Kysely, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { DeckError } from "../../domain/errors.ts"
import { type Held, type HoldTarget, held, holdRelease, holdRequest, targetOf } from "../../domain/hold.ts"
import { spanOf } from "../../domain/span.ts"
import { type AuditedChange, change, effectsOf } from "../change.ts"
import { owedEffects } from "../debt.ts"
import { type ChangeContext, defineChange, type Outcome } from "../operation.ts"
import { nameOfOrg } from "../org-name.ts"
import { heldBuckets, lackingAfter } from "./hold-debt.ts"
import { effectsOfHold, refuseDoubtful, testOf, typedFor, weigh } from "./hold-preview.ts"
import { type AskedHold, readHolds, secondsLeft } from "./hold-state.ts"
import { heldOf } from "./holds.ts"

/** Contract, sections 2 and 9: `gateway hold`. A hold that Redis did not take is saved, and owed. */
export const holdAtGateway = defineChange({
  words: ["gateway", "hold"],
  writes: "gateway",
  summary: "refuse the requests of an address or an organization (429) for some minutes",
  input: holdRequest,
  answer: held,
  async preview(context, { minutes, anyway, ...asked }) {
    const target = targetOf(asked)
    const { name, before } = await context.postgres.run(
      async db => ({ name: await nameOfTarget(db, target), before: (await readHolds(db, target)).held[0] }),
      context.signal,
    )
    const weighed = await weighTarget(context, target)
    const isOrg = target.type === "organization"
    return {
      title: `Hold ${name}`,
      subject: [
        ...(isOrg ? [target.id] : []),
        ...(before === undefined
          ? []
          : [`already held for another ${spanOf(secondsLeft(before) * 1_000)}; the time starts anew`]),
      ],
      effects: effectsOfHold(weighed, { isOrg, minutes }),
      needsConfirmation: true,
      ...typedFor(weighed, anyway),
    }
  },
  async run(context, { minutes, anyway, reason, ...asked }) {
    const target = targetOf(asked)
    refuseDoubtful(context, await weighTarget(context, target), anyway)
    const outcome = await change(context, async tx => {
      await nameOfTarget(tx, target)
      const times = await timesOf(tx, minutes)
      const due = await heldBuckets.due(context, tx, [target])
      const { login, username } = context.operator
      const hold = { ...target, ...times, by: login ?? username, reason: reason ?? null }
      return { answer: heldOf(hold, 0), reason, audited: [auditedHold({ ...target, ...times }, due)], owing: due }
    })
    return withLacking(context, outcome)
  },
})

/** Contract, section 2: `gateway release`. The bucket is deleted, so that the next request finds a full one. */
export const releaseAtGateway = defineChange({
  words: ["gateway", "release"],
  writes: "gateway",
  summary: "end a hold of an address or an organization",
  input: holdRelease,
  answer: held.nullable(),
  async preview(context, asked) {
    const target = targetOf(asked)
    const { hold, due } = await context.postgres.run(
      async db => ({ hold: (await readHolds(db, target)).held[0], due: await heldBuckets.due(context, db, [target]) }),
      context.signal,
    )
    const owed = hold === undefined ? await owedEffects(due, context) : []
    if (hold === undefined && owed.length === 0) throw notHeld(target)
    return {
      title: `Release ${target.id}`,
      subject: hold === undefined ? [] : [subjectOf(hold)],
      ...effectsOf(hold === undefined ? owed : ["its requests pass from the next one on"]),
      needsConfirmation: false,
    }
  },
  async run(context, { reason, ...asked }) {
    const outcome = await change(context, async tx => {
      const target = targetOf(asked)
      const [hold] = (await readHolds(tx, target)).held
      const owing = await heldBuckets.due(context, tx, [target])
      if (hold === undefined) return { answer: null, reason, audited: [], owing, refusal: notHeld(target) }
      const audit = { action: "gateway.release", target, metadata: { until: hold.until } }
      return { answer: heldOf(hold, null), reason, audited: [{ audit, steps: owing }], owing }
    })
    return withLacking(context, outcome)
  },
})

export const commands = [holdAtGateway, releaseAtGateway]

const weighTarget = (context: ChangeContext | Parameters<typeof weigh>[0], target: HoldTarget) =>
  weigh(context, testOf(target), () => (target.type === "address" ? [target.id] : []))

/** Of several gateways the answer says which did not take it. */
function withLacking<Answer extends Held | null>({ redis }: ChangeContext, outcome: Outcome<Answer>): Outcome<Answer> {
  const { answer, steps } = outcome
  if (answer === null || redis.gateways[0].name === "") return outcome
  return { ...outcome, answer: { ...answer, lacking: lackingAfter(redis, steps) } }
}

const nameOfTarget = async (db: Kysely<Tables>, { type, id }: HoldTarget) =>
  type === "address" ? id : nameOfOrg(db, id)

const subjectOf = (hold: AskedHold) =>
  [`ends in ${spanOf(secondsLeft(hold) * 1_000)}`, hold.by && `held by ${hold.by}`, hold.reason]
    .filter(Boolean)
    .join(" · ")

const notHeld = ({ type, id }: HoldTarget) => new DeckError("not_found", `no hold of the ${type} ${id} is under way`)

/** Beginning and end of a hold of so many minutes that is asked for now, by PostgreSQL's clock. */
export async function timesOf(db: Kysely<Tables>, minutes: number): Promise<Pick<AskedHold, "since" | "until">> {
  const { rows } = await sql<{ since: string; until: string }>`
    select now() as since, now() + ${minutes} * interval '1 minute' as until`.execute(db)
  return rows[0] as { since: string; until: string }
}

/** The audit row of a hold. */
export const auditedHold = (
  { type, id, until, network }: HoldTarget & { readonly until: string; readonly network?: string },
  steps: AuditedChange["steps"],
): AuditedChange => ({
  audit: {
    action: "gateway.hold",
    target: { type, id },
    metadata: { until, ...(network !== undefined && { network }) },
  },
  steps,
})
