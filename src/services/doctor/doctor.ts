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

/** Checks everything that opsdeck depends on, and the rights it needs. Changes nothing. */
export const doctor = defineExamination({
  words: ["doctor"],
  summary: "check connections, databases, terminal and files; exit 6 on a failure",
  input: z.object({
    grants: z.boolean().optional().meta({ label: "print the grants opsdeck needs in PostgreSQL and Redis instead" }),
    generation: z
      .enum(["orgs", "accounts"])
      .optional()
      .meta({ label: "naming of the tables for --grants, if the database is unreachable" }),
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

/** Prompted for before the time limits of the checks begin. */
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

/** A heading per area, a line per check, and its remedy below. */
function checkLines(checks: readonly Check[]): string[] {
  const widest = Math.max(...checks.map(({ name }) => name.length))
  return checks.flatMap(({ area, name, state, says, remedy }, i) => [
    ...(checks[i - 1]?.area === area ? [] : [...(i === 0 ? [] : [""]), CHECK_AREAS[area]]),
    `  ${MARKS[state].padEnd(MARK_WIDTH)}  ${name.padEnd(widest)}  ${says}`,
    ...remedy.map(step => `${" ".repeat(MARK_WIDTH + 4)}-> ${step}`),
  ])
}

const isGrants = (data: Check[] | Grant[]): data is Grant[] => data[0] !== undefined && "statement" in data[0]

/** The statements, ready to be pasted; each store's comments separate the parts. */
function grantLines(grants: readonly Grant[]): string[] {
  return grants.flatMap(({ purpose, store, statement }, i) => {
    const before = grants[i - 1]
    const begins = before?.purpose !== purpose || before.store !== store
    return [...(begins ? [...(i === 0 ? [] : [""]), HEADINGS[store](purpose)] : []), statement]
  })
}

const HEADINGS = {
  postgres: (purpose: Grant["purpose"]) =>
    `-- PostgreSQL, for ${purpose}: as the owner of the tables; set the role's password with \\password`,
  redis: (purpose: Grant["purpose"]) => `# Redis, for ${purpose}: on each of its servers, replacing PASSWORD`,
}
