import { asDeckError } from "../domain/errors.ts"
import type { PlannedStep } from "./change.ts"
import type { Stores } from "./operation.ts"

/** One kind of debt to Redis: returns the writes owed now. */
export type Debt = (context: Stores) => Promise<PlannedStep[]>

/** Returns the result of `look`; where Redis cannot be read, `what` may be owed, with that reason. */
export async function asFarAsKnown(what: string, look: () => Promise<PlannedStep[]>): Promise<PlannedStep[]> {
  try {
    return await look()
  } catch (error) {
    if (asDeckError(error).code !== "unavailable") throw error
    return [{ what, redis: () => Promise.reject(error) }]
  }
}
