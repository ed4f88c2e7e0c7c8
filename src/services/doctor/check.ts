import { DeadlineError, within } from "../../adapters/deadline.ts"
import {
  CHECK_AREAS,
  type CheckArea,
  type Finding,
  failure,
  type Check as Looked,
  skipped,
} from "../../domain/check.ts"
import { asDeckError } from "../../domain/errors.ts"
import type { ExaminationContext } from "../operation.ts"

/** One thing to look at. */
export interface Check {
  readonly area: CheckArea
  readonly name: string
  /** Those that must not have failed: without them there is nothing to look at. */
  readonly after?: readonly Check[]
  /** What it finds. What it throws is a failure, with `remedy`. */
  look(context: ExaminationContext): Promise<Finding> | Finding
  readonly remedy?: readonly string[]
  /** How many ms it may take, where five seconds are not enough. */
  readonly withinMs?: number | undefined
}

/** What to do about a right that is missing. */
export const GRANTS = "opsdeck doctor --grants says what opsdeck has to be allowed"

const DEADLINE_MS = 5_000

/**
 * What `checks` find, in their order. Each looks by itself, beside the others, for five seconds at most unless it says
 * otherwise, and none that fails stops another; one that goes by others waits for them. Throws DeckError "cancelled" when
 * the context's signal fires.
 */
export async function examine(checks: readonly Check[], context: ExaminationContext): Promise<Looked[]> {
  const findings = new Map<Check, Promise<Finding>>()
  const findingOf = (check: Check): Promise<Finding> => {
    const begun = findings.get(check) ?? after(check)
    findings.set(check, begun)
    return begun
  }
  const after = async (check: Check): Promise<Finding> => {
    for (const earlier of check.after ?? []) {
      const { state } = await findingOf(earlier)
      if (state === "failure" || state === "skipped") return skipped(`not looked at: needs ${nameOf(earlier)}`)
    }
    return look(check, context)
  }
  return Promise.all(checks.map(async check => ({ area: check.area, name: check.name, ...(await findingOf(check)) })))
}

/** What people call it: `PostgreSQL connection`. */
export const nameOf = ({ area, name }: Pick<Check, "area" | "name">) => `${CHECK_AREAS[area]} ${name}`

async function look(check: Check, context: ExaminationContext): Promise<Finding> {
  const deadline = new AbortController()
  const signal = AbortSignal.any([context.signal, deadline.signal])
  try {
    return await within(check.withinMs ?? DEADLINE_MS, Promise.resolve(check.look({ ...context, signal })), signal)
  } catch (error) {
    context.signal.throwIfAborted()
    const says = error instanceof DeadlineError ? error.message : asDeckError(error).message
    return failure(says, ...(check.remedy ?? []))
  } finally {
    deadline.abort()
  }
}
