import { z } from "zod"
import { check, type Grant, grant, type Check as Looked } from "../../domain/check.ts"
import { asDeckError, DeckError } from "../../domain/errors.ts"
import { defineExamination, type ExaminationContext } from "../operation.ts"
import { apiBelongs, gatewayBelongs } from "./belonging.ts"
import { type Check, examine, nameOf } from "./check.ts"
import { fileChecks } from "./file-checks.ts"
import { gatewayServers } from "./gateway-servers.ts"
import { grantsFor } from "./grants-found.ts"
import { checkLines, grantLines } from "./lines.ts"
import { operatorCheck } from "./operator-check.ts"
import { apiPlacement, gatewayHolds } from "./placement.ts"
import { platformChecks } from "./platform-checks.ts"
import { postgresChecks, readReplica } from "./postgres-checks.ts"
import { recorderCheck } from "./recorder-check.ts"
import { apiRedis } from "./redis-checks.ts"
import { terminalChecks } from "./terminal-checks.ts"

function checksOf({ redis, reading }: ExaminationContext): Check[] {
  const servers = gatewayServers(redis)
  return [
    ...postgresChecks.filter(one => reading !== undefined || one !== readReplica),
    ...apiRedis.all,
    ...apiPlacement(servers),
    apiBelongs,
    ...servers.flatMap(({ all, connection, gateways }) => [
      ...all,
      ...gateways.flatMap(gateway => [gatewayHolds(gateway, connection), gatewayBelongs(gateway, connection)]),
    ]),
    operatorCheck,
    ...platformChecks(servers),
    recorderCheck,
    ...terminalChecks,
    ...fileChecks,
  ]
}

/** Checks everything that opsdeck depends on, and the rights it needs. Changes nothing. */
export const doctor = defineExamination({
  words: ["doctor"],
  summary: "check connections, databases, terminal and files; exit 6 on a failure",
  input: z.object({
    grants: z.boolean().optional().meta({ label: "print the grants opsdeck needs in PostgreSQL and Redis instead" }),
    with_messages: z
      .boolean()
      .optional()
      .meta({ label: "with --grants: also the right to read what users wrote (runs messages)" }),
    generation: z
      .enum(["orgs", "accounts"])
      .optional()
      .meta({ label: "naming of the tables for --grants, if the database is unreachable" }),
  }),
  answer: z.object({ data: z.union([z.array(check), z.array(grant)]) }),
  async run(context, { grants, generation, with_messages = false }) {
    if (grants) return { answer: { data: await grantsFor(context, generation, with_messages) } }
    if (with_messages) throw new DeckError("usage", "is for --grants alone", { field: "with_messages" })
    if (generation !== undefined) throw new DeckError("usage", "is for --grants alone", { field: "generation" })
    const data = await examine(checksOf(context), await withCredentials(context))
    const failed = data.filter(({ state }) => state === "failure")
    return { answer: { data }, ...(failed.length > 0 && { failure: failureOf(failed) }) }
  },
  lines: ({ data }, columns) => (isGrants(data) ? grantLines(data) : checkLines(data as Looked[], columns)),
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

const failureOf = (failed: readonly Looked[]) =>
  new DeckError("unavailable", `failed: ${failed.map(nameOf).join("; ")}`)

const isGrants = (data: Looked[] | Grant[]): data is Grant[] => data[0] !== undefined && "statement" in data[0]
