import { asDeckError } from "../domain/errors.ts"
import type { PlannedStep } from "./change.ts"
import type { Stores } from "./operation.ts"

/** One kind of debt to Redis: the writes that would pay what is owed now. */
export type Debt = (context: Stores) => Promise<PlannedStep[]>

/** What `look` finds in Redis; when that cannot be asked, `what` may be owed, for that reason. */
export async function asFarAsKnown(what: string, look: () => Promise<PlannedStep[]>): Promise<PlannedStep[]> {
  try {
    return await look()
  } catch (error) {
    if (asDeckError(error).code !== "unavailable") throw error
    return [{ what, redis: () => Promise.reject(error) }]
  }
}
