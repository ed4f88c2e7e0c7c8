import { randomBytes } from "node:crypto"
import { type Kysely, sql, type Transaction } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { asDeckError, DeckError } from "../../domain/errors.ts"
import { groupDigits } from "../../domain/grouped.ts"
import {
  LARGE_GRANT,
  type RedemptionBatch,
  type RedemptionBatchMade,
  redemptionBatch,
  redemptionBatchMade,
  worthOf,
} from "../../domain/redemption-batch.ts"
import { change } from "../change.ts"
import type { Environment } from "../environment.ts"
import { type ChangeContext, defineChange, type Outcome, type Preview } from "../operation.ts"
import { authorizeWithin } from "../permission.ts"
import { typeEffects } from "./feature-codes.ts"
import { generateCodes, type RandomSource } from "./generate-codes.ts"
import { redemptionCodeOf, withoutState } from "./redemption-codes.ts"
import { batchCounts } from "./redemption-previews.ts"
import { refuseUnknownType } from "./redemption-types.ts"

/** Contract, section 2: `codes create`. The codes are shown in the answer only. */
export const createRedemptionCodes = defineChange({
  words: ["codes", "create"],
  summary: "create redemption codes, all or none",
  input: redemptionBatch,
  answer: redemptionBatchMade,
  preview: ({ postgres, environment, signal }, batch) =>
    postgres.run(async db => {
      await refuseUnknownType(db, batch.type)
      return previewOfBatch(db, batch, environment)
    }, signal),
  run: (context, batch) => createCodes(context, batch),
  lines: ({ data }) => data.map(({ code }) => code),
})

export const commands = [createRedemptionCodes]

/** Creates codes with a given source of randomness. Throws DeckError, saying that no code was created. */
export async function createCodes(
  context: ChangeContext,
  { reason, confirm_total, ...batch }: RedemptionBatch,
  random: RandomSource = randomBytes,
): Promise<Outcome<RedemptionBatchMade>> {
  const total = totalToConfirm(batch, context.environment)
  if (total !== undefined && (confirm_total ?? context.seen.confirmed) !== total) throw unconfirmed(total)
  const { count, type, batch_id = defaultName(random) } = batch
  try {
    return await change(context, async tx => {
      await authorizeWithin(tx, context.operator)
      await refuseUnknownType(tx, type)
      const made = await insertCodes(tx, context, { ...batch, batch_id }, random)
      const common = withoutState(await redemptionCodeOf(tx, (made[0] as MadeCode).id))
      const audit = {
        action: "redemption_codes.batch_create",
        target: { type: "redemption_code_batch", id: batch_id },
        metadata: { count, type, batch_id },
      } as const
      const steps = [{ what: `${codesText(count)} in batch ${batch_id}` }]
      return {
        answer: { batch_id, data: made.map(code => ({ ...common, ...code })) },
        reason,
        audited: [{ audit, steps }],
      }
    })
  } catch (error) {
    throw notCreated(error, batch_id)
  }
}

/** What the batch is worth in all, where that is a large grant; undefined for any other. */
function totalToConfirm(batch: RedemptionBatch, { largeGrant = LARGE_GRANT }: Environment): string | undefined {
  const worth = worthOf(batch)
  return worth !== undefined && worth > largeGrant ? String(worth) : undefined
}

const unconfirmed = (total: string) =>
  new DeckError("invalid", `must be ${total}: that is what these codes are worth in all, a large grant`, {
    field: "confirm_total",
  })

/** Codes per statement: between two, progress is reported, and the change can be cancelled. */
const AT_A_TIME = 2500

interface MadeCode {
  readonly id: string
  readonly code: string
}

type NamedBatch = Omit<RedemptionBatch, "reason" | "confirm_total" | "batch_id"> & { readonly batch_id: string }

/** Generates and inserts codes until there are enough: one that exists already, or came twice, is generated again. */
async function insertCodes(
  tx: Transaction<Tables>,
  { operator, progress }: ChangeContext,
  { count, type, value, max_uses, expires_at, batch_id }: NamedBatch,
  random: RandomSource,
): Promise<readonly MadeCode[]> {
  const made: MadeCode[] = []
  while (made.length < count) {
    progress(made.length, count)
    const codes = generateCodes(Math.min(AT_A_TIME, count - made.length), random)
    const { rows } = await sql<MadeCode>`
      insert into redemption_codes (code, type, value, max_uses, expires_at, batch_id, created_by_user_id)
      select code, ${type}, ${value}, ${max_uses}, ${expires_at ?? null}::timestamptz, ${batch_id}, ${operator.userId}::uuid
      from unnest(${codes}::text[]) as code
      on conflict (code) do nothing returning id, code`.execute(tx)
    made.push(...rows)
  }
  progress(count, count)
  return made
}

/** Default name of a batch, unlikely to be in use: `batch-20261122-9k3x`. */
const defaultName = (random: RandomSource) =>
  `batch-${new Date().toISOString().slice(0, 10).replaceAll("-", "")}-${generateCodes(1, random)[0]?.slice(0, 4).toLowerCase()}`

/** Error of a failed creation, saying that no codes were created or, where that is unknown, how to look for them. */
function notCreated(error: unknown, batchId: string): DeckError {
  const { code, message } = asDeckError(error)
  if (code === "cancelled") return new DeckError(code, "cancelled: no codes were created", { cause: error })
  if (code !== "unavailable") return asDeckError(error)
  const NOT_SAVED = "not saved: "
  const told = message.startsWith(NOT_SAVED)
    ? `no codes were created: ${message.slice(NOT_SAVED.length)}`
    : `${message}: they would be in batch ${batchId}`
  return new DeckError(code, told, { cause: error })
}

const codesText = (count: number) => `${groupDigits(count)} ${count === 1 ? "code" : "codes"}`

/** Preview: the number of codes, their total worth, and their expiry. */
async function previewOfBatch(
  db: Kysely<Tables>,
  { confirm_total, ...batch }: RedemptionBatch,
  environment: Environment,
): Promise<Preview> {
  const total = totalToConfirm(batch, environment)
  if (confirm_total !== undefined && total !== undefined && confirm_total !== total) throw unconfirmed(total)
  const { count, type, value, max_uses, expires_at, batch_id } = batch
  const there = batch_id === undefined ? 0 : (await batchCounts(db, batch_id)).all
  return {
    title: `Create ${codesText(count)}`,
    subject: [`type ${type}, value ${value}, batch ${batch_id ?? "with a generated name"}`],
    effects: [
      `${codesText(count)}, ${worthText(batch)}, ${expires_at === undefined ? "without expiry" : `until ${untilText(expires_at)}`}`,
      max_uses === 1
        ? "each can be redeemed once"
        : `each can be redeemed ${groupDigits(max_uses)} times, once by each user`,
      ...typeEffects(type),
      ...(there === 0 ? [] : [`the batch has ${codesText(there)} already: these are added to it`]),
      "the codes are shown once, when they are created: no log or audit row contains them",
    ],
    needsConfirmation: count > 1 || total !== undefined,
    ...(total !== undefined && confirm_total === undefined && { typed: total }),
  }
}

/** `together worth 50 000 credits`. */
function worthText(batch: RedemptionBatch): string {
  const worth = worthOf(batch)
  return worth === undefined
    ? `each worth ${batch.type} ${batch.value}`
    : `together worth ${groupDigits(worth)} credits`
}

/** `2026-12-22 12:00 UTC`. */
const untilText = (time: string) => `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`
