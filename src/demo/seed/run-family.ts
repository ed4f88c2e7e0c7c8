import { Random } from "../random.ts"
import { timestamp } from "./time.ts"
import type { Told } from "./told-run.ts"

/** A run of the family: who started it, besides what there is to tell of it. */
export interface Relative extends Told {
  readonly name: string
  /** Undefined for the first one. */
  readonly parent?: string
}

/**
 * Runs that started one another: research that failed in its middle, since one of its own helpers did. `middle` is the one whose
 * story there is messages of.
 */
export const FAMILY: readonly Relative[] = [
  { name: "first", age: 250, lasts: 170, turns: 3, status: "completed", persona: "researcher" },
  { name: "middle", parent: "first", age: 180, lasts: 47, turns: 4, status: "failed", persona: "researcher" },
  { name: "reader", parent: "middle", age: 176, lasts: 21, turns: 2, status: "completed", persona: "reader" },
  { name: "browser", parent: "middle", age: 170, lasts: 33, turns: 2, status: "failed", persona: "browser" },
  { name: "summary", parent: "reader", age: 168, lasts: 8, turns: 1, status: "completed", persona: "lite" },
]

/** Numbers of the family alone, so that the rest of the world stays as it is without it. */
export const familyNumbers = () => new Random(18)

/** Credits for a cost: the platform charges whole ones, a thousand for a dollar. */
const CREDITS_A_DOLLAR = 1000

interface FamilyRun {
  readonly id: string
  readonly org_id: string
  readonly thread_id: string
  readonly created_by_user_id: string
  readonly created_at: string
  readonly status_updated_at: string
  readonly total_cost_usd: string | null
}

/** What the runs were charged for. */
export const chargesOf = (runs: readonly FamilyRun[], random: Random) =>
  runs.map(({ id, org_id, total_cost_usd, status_updated_at }) => ({
    id: random.uuid(),
    org_id,
    amount: -Math.max(1, Math.round(Number(total_cost_usd) * CREDITS_A_DOLLAR)),
    type: "consumption",
    reference_type: "run",
    reference_id: id,
    created_at: status_updated_at,
  }))

const TALK = [
  [
    "user",
    "Compare the three offers for the fibre line to the new office, and recommend one.\n\nThe contracts are in the folder.",
  ],
  ["assistant", "I will have one helper read the contracts and another one look up the prices of today."],
  ["user", "Mind the notice periods: we must be out of the old line by March."],
] as const

/** What was written in the thread of the run, the last of it while it ran. */
export function messagesOf(run: FamilyRun, random: Random) {
  const begin = Date.parse(run.created_at)
  return TALK.map(([role, content], index) => ({
    id: random.uuid(),
    thread_id: run.thread_id,
    org_id: run.org_id,
    role,
    content,
    created_by_user_id: role === "user" ? run.created_by_user_id : null,
    metadata_json: JSON.stringify(role === "assistant" ? { run_id: run.id } : {}),
    created_at: timestamp(begin + (index - 1) * 9_000, random),
  }))
}
