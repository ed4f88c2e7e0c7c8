import { type Kysely, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import type { RedemptionCodeRow } from "../../domain/redemption-code.ts"
import { effectsOf } from "../change.ts"
import type { Preview } from "../operation.ts"

/** What switching `code` on or off does, in words. */
export function previewOfCode(code: RedemptionCodeRow, isActive: boolean): Preview {
  const { type, value, batch_id, max_uses, use_count } = code
  const uses = `redeemed ${use_count} of ${max_uses} times`
  return {
    title: `${isActive ? "Activate" : "Deactivate"} redemption code ${code.code}`,
    subject: [[`${type} ${value}`, batch_id && `batch ${batch_id}`, uses].filter(Boolean).join(" · ")],
    ...effectsOf(code.is_active === isActive ? [] : [isActive ? activated(code) : DEACTIVATED]),
    asks: false,
  }
}

const DEACTIVATED = "nobody can redeem it any more; what was redeemed stays"

function activated({ expires_at, use_count, max_uses }: RedemptionCodeRow): string {
  if (expires_at !== null && Date.parse(expires_at) <= Date.now()) return `it is on, but expired: ${expires_at}`
  return use_count >= max_uses ? "it is on, but used up" : "it can be redeemed"
}

/** How many codes a batch has, and how many of them are switched on and off. */
export interface BatchCounts {
  readonly all: number
  readonly on: number
  readonly off: number
}

export async function batchCounts(db: Kysely<Tables>, batchId: string): Promise<BatchCounts> {
  const { all, on } = await db
    .selectFrom("redemption_codes")
    .select(({ fn }) => fn.countAll<string>().as("all"))
    .select(sql<string>`count(*) filter (where is_active)`.as("on"))
    .where("batch_id", "=", batchId)
    .executeTakeFirstOrThrow()
  return { all: Number(all), on: Number(on), off: Number(all) - Number(on) }
}

/** `40 codes of conference-2026: 31 become inactive, 9 are already`. */
export function countsText(batchId: string, { all, on, off }: BatchCounts, isActive: boolean): string {
  const [changing, already] = isActive ? [off, on] : [on, off]
  const state = isActive ? "active" : "inactive"
  const become = `${changing} ${changing === 1 ? "becomes" : "become"} ${state}`
  const are = already === 0 ? "" : `, ${already} ${already === 1 ? "is" : "are"} already`
  return `${all} ${all === 1 ? "code" : "codes"} of ${batchId}: ${become}${are}`
}
