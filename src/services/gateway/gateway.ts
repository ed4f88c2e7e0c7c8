import { z } from "zod"
import { type GatewayReading, readRows } from "../../adapters/gateway-words.ts"
import { readBlock } from "../../domain/cidr-list.ts"
import { asDeckError } from "../../domain/errors.ts"
import {
  GATEWAY_FIELDS,
  type GatewayConfig,
  type GatewayField,
  type GatewayInspection,
  type GatewaySource,
  gatewayInspection,
  gatewayState,
} from "../../domain/gateway.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import { spell } from "./gateway-fields.ts"
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

export { repairGateway, setGateway } from "./gateway-changes.ts"

/** Contract, section 2: `gateway show`. For people each value says what it comes from. */
export const showGateway = defineOperation({
  words: ["gateway", "show"],
  summary: "the gateway's settings, and whether its copy is in sync",
  input: z.object({}),
  answer: gatewayState,
  run: stateFor,
  forPeople: {
    answer: z.record(z.enum([...GATEWAY_FIELDS, "in_sync"]), z.unknown()),
    async run(context) {
      const { sources, in_sync, ...values } = await stateFor(context)
      const lines = GATEWAY_FIELDS.map(field => [field, withSource(field, values[field], sources[field])])
      return { ...Object.fromEntries(lines), in_sync }
    },
  },
})

async function stateFor(context: OperationContext): Promise<z.infer<typeof gatewayState>> {
  const state = await readGatewayState(context)
  return { ...valuesOf(state), sources: sourcesOf(state), in_sync: driftOf(state).length === 0 }
}

const NOTES: Readonly<Record<GatewaySource, string>> = {
  row: "",
  copy: "  (the gateway's copy alone, which wins over its environment)",
  env: "  (environment, as seen on this host)",
  unset: "",
}

/** A value as people read it, with its source where that is no row of the database. */
function withSource(field: GatewayField, value: GatewayConfig[GatewayField], source: GatewaySource): string {
  if (source === "unset") return "not set here: the gateway's own environment counts"
  return `${spell(field, value)}${NOTES[source]}`
}

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
