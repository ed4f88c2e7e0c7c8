import type { Kysely } from "kysely"
import type { Tables } from "../adapters/postgres/tables.ts"
import type { RedisConnections } from "../adapters/redis/connections.ts"
import { asDeckError } from "../domain/errors.ts"
import type { Stores } from "./operation.ts"

/**
 * One kind of debt to Redis (contract, section 5), declared once for the change that owes it, for the same change asked
 * for again, which finds the rows so already, and for `repair`.
 */
export interface Debt<Asked> {
  /** What opsdeck's own changes of the last 30 days asked for, by their audit rows. */
  changed(db: Kysely<Tables>): Promise<Asked>
  /** What Redis has to hold once `asked` is so, by the rows that `db` sees. */
  due(stores: Pick<Stores, "postgres" | "redis">, db: Kysely<Tables>, asked: Asked): Promise<Due[]>
}

/** One step: done with the transaction or, where `redis` is given, by that write after the commit. */
export interface PlannedStep {
  readonly what: string
  readonly redis?: (redis: RedisConnections) => Promise<void>
  /** Why it is not known whether Redis lacks it. */
  readonly trouble?: string
}

/** What Redis has to hold, whether it does or not: as a step, all of it is written. */
export interface Due extends PlannedStep {
  readonly redis: (redis: RedisConnections) => Promise<void>
  /** Returns the writes that Redis lacks. Throws DeckError. */
  readonly missing: (redis: RedisConnections, signal: AbortSignal) => Promise<PlannedStep[]>
}

/** Returns the writes that are owed now; where Redis cannot be read, those that may be, with the reason. */
export async function owedOf(
  dues: readonly Due[],
  { redis, signal }: Pick<Stores, "redis" | "signal">,
): Promise<PlannedStep[]> {
  const steps: PlannedStep[] = []
  for (const { what, missing } of dues) {
    try {
      steps.push(...(await missing(redis, signal)))
    } catch (error) {
      const { code, message } = asDeckError(error)
      if (code !== "unavailable") throw error
      steps.push({ what, trouble: message, redis: () => Promise.reject(error) })
    }
  }
  return steps
}

/** What is owed, for a preview. */
export const owedEffects = async (dues: readonly Due[], stores: Pick<Stores, "redis" | "signal">): Promise<string[]> =>
  (await owedOf(dues, stores)).map(({ what, trouble }) => `${what}: ${trouble ?? "written again"}`)
