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

/** One check of the doctor. */
export interface Check {
  readonly area: CheckArea
  readonly name: string
  /** Checks that must not have failed: without them this one is skipped. */
  readonly after?: readonly Check[]
  /** Returns the finding. An error is a failure, with `remedy`; where a right is missing, with GRANTS. */
  look(context: ExaminationContext): Promise<Finding> | Finding
  readonly remedy?: readonly string[]
  /** Time limit in ms, where five seconds are not enough. */
  readonly withinMs?: number | undefined
}

/** Remedy of a missing right. */
export const GRANTS = "grant the rights that opsdeck doctor --grants prints"

const DEADLINE_MS = 5_000

/**
 * Runs `checks` and returns their findings in order. They run concurrently, for five seconds at most unless declared
 * otherwise, and independently; one with dependencies waits for them. Throws DeckError "cancelled" when the context's
 * signal fires.
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
      if (state === "failure" || state === "skipped") return skipped(`not checked: requires ${nameOf(earlier)}`)
    }
    return look(check, context)
  }
  return Promise.all(checks.map(async check => ({ area: check.area, name: check.name, ...(await findingOf(check)) })))
}

/** Full name of a check: `PostgreSQL connection`. */
export const nameOf = ({ area, name }: Pick<Check, "area" | "name">) => `${CHECK_AREAS[area]} ${name}`

async function look(check: Check, context: ExaminationContext): Promise<Finding> {
  const deadline = new AbortController()
  const signal = AbortSignal.any([context.signal, deadline.signal])
  try {
    return await within(check.withinMs ?? DEADLINE_MS, Promise.resolve(check.look({ ...context, signal })), signal)
  } catch (error) {
    context.signal.throwIfAborted()
    if (error instanceof DeadlineError) return failure(error.message, ...(check.remedy ?? []))
    const { message, denied } = asDeckError(error)
    return failure(message, ...(denied ? [GRANTS] : (check.remedy ?? [])))
  } finally {
    deadline.abort()
  }
}
