import { type Kysely, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import type { RedemptionCodeRow } from "../../domain/redemption-code.ts"
import { effectsOf } from "../change.ts"
import type { Preview } from "../operation.ts"
import { typeEffects } from "./feature-codes.ts"
import { redemptionCodeOf } from "./redemption-codes.ts"
import { stateOnceOn } from "./redemption-state.ts"

/** Preview of switching the code of `id` on or off. Throws DeckError "not_found". */
export async function previewOfCode(db: Kysely<Tables>, id: string, isActive: boolean): Promise<Preview> {
  const code = await redemptionCodeOf(db, id)
  const { type, value, batch_id, max_uses, use_count } = code
  const uses = `redeemed ${use_count} of ${max_uses} times`
  return {
    title: `${isActive ? "Activate" : "Deactivate"} redemption code ${code.code}`,
    subject: [[`${type} ${value}`, batch_id && `batch ${batch_id}`, uses].filter(Boolean).join(" · ")],
    ...effectsOf(
      code.is_active === isActive ? [] : isActive ? [await activated(db, code), ...typeEffects(type)] : [DEACTIVATED],
    ),
    needsConfirmation: false,
  }
}

const DEACTIVATED = "it can no longer be redeemed; past redemptions stay"

async function activated(db: Kysely<Tables>, { id, expires_at }: RedemptionCodeRow): Promise<string> {
  const { state } = await db
    .selectFrom("redemption_codes")
    .select(stateOnceOn.as("state"))
    .where("id", "=", id)
    .executeTakeFirstOrThrow()
  if (state === "expired") return `it is on, but expired: ${expires_at}`
  return state === "used up" ? "it is on, but used up" : "it can be redeemed"
}

/** Number of codes of a batch, and of those switched on and off. */
export interface BatchCounts {
  readonly all: number
  readonly on: number
  readonly off: number
  /** Types of the codes, in the order of the alphabet. */
  readonly types: readonly string[]
}

export async function batchCounts(db: Kysely<Tables>, batchId: string): Promise<BatchCounts> {
  const { all, on, types } = await db
    .selectFrom("redemption_codes")
    .select(({ fn }) => fn.countAll<string>().as("all"))
    .select(sql<string>`count(*) filter (where is_active)`.as("on"))
    .select(sql<string[] | null>`array_agg(distinct type order by type)`.as("types"))
    .where("batch_id", "=", batchId)
    .executeTakeFirstOrThrow()
  return { all: Number(all), on: Number(on), off: Number(all) - Number(on), types: types ?? [] }
}

/** `40 codes: 31 become inactive, 9 are already`. */
export function countsText({ all, on, off }: BatchCounts, isActive: boolean): string {
  const [changing, already] = isActive ? [off, on] : [on, off]
  const state = isActive ? "active" : "inactive"
  const become = `${changing} ${changing === 1 ? "becomes" : "become"} ${state}`
  const are = already === 0 ? "" : `, ${already} ${already === 1 ? "is" : "are"} already`
  return `${codesText(all)}: ${become}${are}`
}

/** `1 code`, `40 codes`. */
export const codesText = (count: number) => `${count} ${count === 1 ? "code" : "codes"}`
