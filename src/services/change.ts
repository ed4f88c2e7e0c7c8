import { isDeepStrictEqual } from "node:util"
import type { Transaction } from "kysely"
import type { Tables } from "../adapters/postgres/tables.ts"
import type { RedisConnections } from "../adapters/redis/connections.ts"
import { asDeckError, type Conflict, DeckError } from "../domain/errors.ts"
import { type AuditRecord, writeAudit } from "./audit.ts"
import { type Due, owedOf, type PlannedStep } from "./debt.ts"
import type { ChangeContext, Outcome, Step } from "./operation.ts"

/** Result of a change within its transaction. */
export interface ChangeResult<Answer> {
  readonly answer: Answer
  readonly reason: string | undefined
  /** Empty where there was nothing to change. */
  readonly audited: readonly AuditedChange[]
  /**
   * All that Redis has to hold once what was asked is so. What is a step of no audited change was so in the rows already,
   * and is written where Redis lacks it: the change that made them so may have failed to.
   */
  readonly owing?: readonly Due[]
  /** Thrown where nothing was changed and nothing is owed either. */
  readonly refusal?: DeckError
}

/** A change with an audit row of its own. */
export interface AuditedChange {
  readonly audit: Pick<AuditRecord, "action" | "target" | "metadata" | "orgId" | "before" | "after">
  readonly steps: readonly PlannedStep[]
}

/**
 * The one way to make a change (contract, section 5). `work` locks and reads its rows, checks the rules and writes, in
 * one transaction with the audit rows of its `audited` changes; their writes to Redis follow the commit. Where one
 * fails the change is saved, and the step says why it is owed. Throws what `work` throws, and then nothing was changed.
 * What was so already, and Redis lacks, is paid like that as well.
 */
export async function change<Answer>(
  { postgres, redis, operator, traceId, signal }: ChangeContext,
  work: (tx: Transaction<Tables>) => Promise<ChangeResult<Answer>>,
): Promise<Outcome<Answer>> {
  const {
    answer,
    audited,
    owing = [],
    refusal,
  } = await postgres.transaction(async tx => {
    const made = await work(tx)
    const reason = made.reason ? { reason: made.reason } : {}
    for (const { audit } of made.audited) {
      await writeAudit(tx, { ...audit, metadata: { ...audit.metadata, ...reason }, traceId, actor: operator })
    }
    return made
  }, signal)
  const planned = audited.flatMap(one => one.steps)
  const others = owing.filter(due => !planned.includes(due))
  // What was saved must be told whatever comes after it, so the signal counts only where nothing was.
  const look = audited.length === 0 ? signal : new AbortController().signal
  const steps = await settle([...planned, ...(await owedOf(others, { redis, signal: look }))], redis)
  if (refusal !== undefined && audited.length === 0 && steps.length === 0) throw refusal
  return { answer, steps: audited.length === 0 ? steps : [...steps, { what: `audit ${traceId.slice(0, 4)}…` }] }
}

/** Makes the planned writes to Redis. The change is saved already, so a failure is reported as owed, never thrown. */
export async function settle(due: readonly PlannedStep[], redis: RedisConnections): Promise<Step[]> {
  const steps: Step[] = []
  for (const { what, trouble, redis: write } of due) {
    const owed = await write?.(redis).then(
      () => undefined,
      error => asDeckError(error).message,
    )
    steps.push(owed === undefined ? { what } : { what, owed, ...(trouble !== undefined && { unseen: true as const }) })
  }
  return steps
}

/** The effects of a change for its preview; without any, the reason. */
export const effectsOf = (effects: readonly string[], already = "everything already has these values") => ({
  effects: effects.length > 0 ? effects : [`nothing changes: ${already}`],
  unchanged: effects.length === 0,
})

type Fields = Readonly<Record<string, unknown>>

/**
 * Refuses to overwrite fields that another operator saved meanwhile: those of `patch` that now differ both from what
 * the operator saw and from the new value. Fields that the operator never saw are not compared. Throws DeckError
 * "conflict".
 */
export function refuseUnseen({ seen }: Pick<ChangeContext, "seen">, current: Fields, patch: Fields): void {
  const conflicts = Object.entries(patch)
    .filter(([field, yours]) => yours !== undefined && Object.hasOwn(seen, field) && Object.hasOwn(current, field))
    .map(([field, yours]): Conflict => ({ field, was: seen[field], theirs: current[field], yours }))
    .filter(({ was, theirs, yours }) => !same(was, theirs) && !same(theirs, yours))
  if (conflicts.length === 0) return
  const told = conflicts.map(({ field, was, theirs }) => `${field} was ${format(was)} and is ${format(theirs)} now`)
  throw new DeckError("conflict", `another operator saved meanwhile: ${told.join(", ")}`, { conflicts })
}

/** An empty field of a form stands for null. */
const same = (one: unknown, other: unknown) => isDeepStrictEqual(one === "" ? null : one, other === "" ? null : other)

const format = (value: unknown) => (value === null || value === "" ? "empty" : JSON.stringify(value))

/** Returns the fields `names` that differ between a record before and after a change, for its audit row. */
export function difference<Record extends object>(before: Record, after: Record, names: readonly (keyof Record)[]) {
  const changed = names.filter(name => !isDeepStrictEqual(before[name], after[name]))
  const pick = (record: Record) => Object.fromEntries(changed.map(name => [name, record[name]]))
  return { before: pick(before), after: pick(after) }
}
