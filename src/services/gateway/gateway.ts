import type { GatewayReading } from "../../adapters/gateway-words.ts"
import { readBlock } from "../../domain/cidr-list.ts"
import { GATEWAY_FIELDS, type GatewayInspection, gatewayInspection, type InspectedCopy } from "../../domain/gateway.ts"
import { defineOperation } from "../operation.ts"
import {
  driftOf,
  isDropped,
  isRepairable,
  readGatewayStates,
  type StoreState,
  sourcesOf,
  togetherOf,
  valuesOf,
} from "./gateway-state.ts"
import { showGateway } from "./show-gateway.ts"
import { copyOf } from "./write-copy.ts"

export { repairGateway, setGateway } from "./gateway-changes.ts"
export { showGateway }

export const commands = [showGateway]

/** The same for the console, with the gateways' copies and what is wrong with anything. No command of its own. */
export const inspectGateway = defineOperation({
  words: ["gateway", "inspect"],
  summary: showGateway.summary,
  input: showGateway.input,
  answer: gatewayInspection,
  async run(context): Promise<GatewayInspection> {
    const states = await readGatewayStates(context)
    const [{ database }] = states
    const state = togetherOf(states)
    return {
      database: { ...database.values },
      sources: sourcesOf(state),
      values: valuesOf(state),
      garbled: [...database.unreadable.keys()],
      unreadable: [...complaints("the database", database), ...states.flatMap(complaintsAboutCopy)],
      copies: states.map(inspectionOf),
    }
  },
})

function inspectionOf(state: StoreState): InspectedCopy {
  const { copy, store, trouble } = state
  const held = copy === "broken" ? undefined : copy
  return {
    gateways: [...store.names],
    copy: held === undefined ? null : { ...held.values },
    unknown: held?.unknown ?? {},
    drift: driftOf(state),
    repairable: isRepairable(state),
    garbled: copy === "broken" ? GATEWAY_FIELDS : [...(copy?.unreadable.keys() ?? [])],
    trouble: trouble?.message ?? null,
  }
}

function complaintsAboutCopy({ copy, store }: StoreState): string[] {
  if (copy === undefined) return []
  const name = `the ${copyOf(store.names)}`
  if (copy === "broken") return [`${name} is not a JSON object: the gateway ignores it`]
  const whose = store.names.length === 0 ? "" : `${store.names.join(", ")}: `
  const dropped = `${whose}the gateway ignores its whole copy: wrong type of ${copy.refused.join(", ")}`
  return [...complaints(name, copy), ...(isDropped(copy) ? [dropped] : [])]
}

/** What cannot be read in `reading`, a sentence each. */
function complaints(where: string, { values, unreadable }: GatewayReading): string[] {
  const noBlocks = (values.trusted_cidrs ?? []).filter(block => typeof readBlock(block) === "string")
  return [
    ...[...unreadable].map(([field, value]) => `${where}: ${field} cannot be read: ${JSON.stringify(value)}`),
    ...noBlocks.map(block => `${where}: ${JSON.stringify(block)} in trusted_cidrs is not a CIDR block`),
  ]
}
