import { type GatewayReading, readRows } from "../../adapters/gateway-words.ts"
import { readBlock } from "../../domain/cidr-list.ts"
import { asDeckError } from "../../domain/errors.ts"
import { GATEWAY_FIELDS, type GatewayInspection, gatewayInspection } from "../../domain/gateway.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import {
  driftOf,
  type GatewayState,
  gatewayRows,
  isDropped,
  isRepairable,
  readGatewayState,
  sourcesOf,
  stateOf,
  valuesOf,
} from "./gateway-state.ts"
import { showGateway } from "./show-gateway.ts"

export { repairGateway, setGateway } from "./gateway-changes.ts"
export { showGateway }

export const commands = [showGateway]

/** The same for the console, with the gateway's copy and what is wrong with either. No command of its own. */
export const inspectGateway = defineOperation({
  words: ["gateway", "inspect"],
  summary: showGateway.summary,
  input: showGateway.input,
  answer: gatewayInspection,
  async run(context): Promise<GatewayInspection> {
    try {
      return inspectionOf(await readGatewayState(context))
    } catch (error) {
      return withoutCopy(context, error)
    }
  },
})

/** The inspection without the copy, where Redis is out of reach. Throws `error` where that is not why it failed. */
async function withoutCopy({ postgres, signal }: OperationContext, error: unknown): Promise<GatewayInspection> {
  const { code, message } = asDeckError(error)
  if (code !== "unavailable") throw error
  const database = readRows(await postgres.run(gatewayRows, signal))
  return { ...inspectionOf(stateOf(database, undefined)), drift: [], repairable: false, trouble: message }
}

function inspectionOf(state: GatewayState): GatewayInspection {
  const { database, copy } = state
  const held = copy === "broken" ? undefined : copy
  return {
    database: { ...database.values },
    copy: held === undefined ? null : { ...held.values },
    unknown: held?.unknown ?? {},
    sources: sourcesOf(state),
    values: valuesOf(state),
    drift: driftOf(state),
    repairable: isRepairable(state),
    garbled: {
      database: [...database.unreadable.keys()],
      copy: copy === "broken" ? GATEWAY_FIELDS : [...(copy?.unreadable.keys() ?? [])],
    },
    unreadable: [...complaints("the database", database), ...complaintsAboutCopy(copy)],
    trouble: null,
  }
}

function complaintsAboutCopy(copy: GatewayState["copy"]): string[] {
  if (copy === undefined) return []
  if (copy === "broken") return ["the gateway's copy is not a JSON object: the gateway ignores it"]
  const dropped = `the gateway ignores its whole copy: wrong type of ${copy.refused.join(", ")}`
  return [...complaints("the gateway's copy", copy), ...(isDropped(copy) ? [dropped] : [])]
}

/** What cannot be read in `reading`, a sentence each. */
function complaints(where: string, { values, unreadable }: GatewayReading): string[] {
  const noBlocks = (values.trusted_cidrs ?? []).filter(block => typeof readBlock(block) === "string")
  return [
    ...[...unreadable].map(([field, value]) => `${where}: ${field} cannot be read: ${JSON.stringify(value)}`),
    ...noBlocks.map(block => `${where}: ${JSON.stringify(block)} in trusted_cidrs is not a CIDR block`),
  ]
}
