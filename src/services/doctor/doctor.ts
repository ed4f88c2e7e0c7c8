import { z } from "zod"
import { CHECK_AREAS, type Check, check, type Grant, grant } from "../../domain/check.ts"
import { asDeckError, DeckError } from "../../domain/errors.ts"
import { defineExamination, type ExaminationContext } from "../operation.ts"
import { examine, nameOf } from "./check.ts"
import { fileChecks } from "./file-checks.ts"
import { grantsFor } from "./grants-found.ts"
import { operatorCheck } from "./operator-check.ts"
import { apiHolds, gatewayHolds, tokenMarks } from "./placement.ts"
import { platformChecks } from "./platform-checks.ts"
import { postgresChecks } from "./postgres-checks.ts"
import { apiRedis, gatewayRedis } from "./redis-checks.ts"
import { terminalChecks } from "./terminal-checks.ts"

const CHECKS = [
  ...postgresChecks,
  ...apiRedis.all,
  apiHolds,
  tokenMarks,
  ...gatewayRedis.all,
  gatewayHolds,
  operatorCheck,
  ...platformChecks,
  ...terminalChecks,
  ...fileChecks,
]

/** Whether everything that opsdeck stands on is as it should be, and what it needs to be allowed. Changes nothing. */
export const doctor = defineExamination({
  words: ["doctor"],
  summary: "check the connections, what they hold, this terminal and the files; exit 6 with a failure",
  input: z.object({
    grants: z.boolean().optional().meta({ label: "print the rights opsdeck needs in PostgreSQL and Redis instead" }),
    generation: z
      .enum(["orgs", "accounts"])
      .optional()
      .meta({ label: "of --grants: the tables' naming, where the database cannot be asked" }),
  }),
  answer: z.object({ data: z.union([z.array(check), z.array(grant)]) }),
  async run(context, { grants, generation }) {
    if (grants) return { answer: { data: await grantsFor(context, generation) } }
    if (generation !== undefined) throw new DeckError("usage", "is for --grants alone", { field: "generation" })
    const data = await examine(CHECKS, await withCredentials(context))
    const failed = data.filter(({ state }) => state === "failure")
    return { answer: { data }, ...(failed.length > 0 && { failure: failureOf(failed) }) }
  },
  lines: ({ data }) => (isGrants(data) ? grantLines(data) : checkLines(data as Check[])),
})

export const commands = [doctor]

/** Asked for before the clocks of the checks run: somebody may have to type a password. */
async function withCredentials(context: ExaminationContext): Promise<ExaminationContext> {
  const credentials = context.credentials()
  await credentials.catch(error => {
    if (asDeckError(error).code !== "forbidden") throw error
  })
  return { ...context, credentials: () => credentials }
}

const failureOf = (failed: readonly Check[]) => new DeckError("unavailable", `failed: ${failed.map(nameOf).join("; ")}`)

const MARKS: Readonly<Record<Check["state"], string>> = {
  ok: "ok",
  warning: "warning",
  failure: "FAILURE",
  skipped: "-",
}
const MARK_WIDTH = 7

/** A heading an area, a line a check, and below it what puts it right. */
function checkLines(checks: readonly Check[]): string[] {
  const widest = Math.max(...checks.map(({ name }) => name.length))
  return checks.flatMap(({ area, name, state, says, remedy }, i) => [
    ...(checks[i - 1]?.area === area ? [] : [...(i === 0 ? [] : [""]), CHECK_AREAS[area]]),
    `  ${MARKS[state].padEnd(MARK_WIDTH)}  ${name.padEnd(widest)}  ${says}`,
    ...remedy.map(step => `${" ".repeat(MARK_WIDTH + 4)}-> ${step}`),
  ])
}

const isGrants = (data: Check[] | Grant[]): data is Grant[] => data[0] !== undefined && "statement" in data[0]

/** The statements as they are pasted; each store's comments tell the parts apart. */
function grantLines(grants: readonly Grant[]): string[] {
  return grants.flatMap(({ purpose, store, statement }, i) => {
    const before = grants[i - 1]
    const begins = before?.purpose !== purpose || before.store !== store
    return [...(begins ? [...(i === 0 ? [] : [""]), HEADINGS[store](purpose)] : []), statement]
  })
}

const HEADINGS = {
  postgres: (purpose: Grant["purpose"]) =>
    `-- PostgreSQL, for ${purpose}: as the owner of the tables; the role gets a password by \\password`,
  redis: (purpose: Grant["purpose"]) =>
    `# Redis, for ${purpose}: on each of its servers, with a password in the place of PASSWORD`,
}
