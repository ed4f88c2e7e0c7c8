import { z } from "zod"
import { GATEWAY_FIELDS, type GatewayCopyState, type GatewayField, gatewayState } from "../../domain/gateway.ts"
import { defineOperation } from "../operation.ts"
import { spell } from "./gateway-fields.ts"
import {
  areInSync,
  driftOf,
  holds,
  isKnown,
  knownStates,
  readingOf,
  type StoreState,
  sourceOf,
  sourcesOf,
  togetherOf,
  type Values,
  valuesOf,
} from "./gateway-state.ts"
import { copyOf } from "./write-copy.ts"

/** Contract, section 2: `gateway show`. For people each value says what it comes from. */
export const showGateway = defineOperation({
  words: ["gateway", "show"],
  summary: "the gateway's settings, and whether its copy is in sync",
  input: z.object({}),
  answer: gatewayState,
  async run(context) {
    const states = await knownStates(context)
    const state = togetherOf(states)
    const copies = states.flatMap(copyStates)
    return {
      ...valuesOf(state),
      sources: sourcesOf(state),
      in_sync: areInSync(states),
      ...(copies.length > 0 && { copies }),
    }
  },
  forPeople: {
    answer: z.record(z.enum([...GATEWAY_FIELDS, "in_sync"]), z.unknown()),
    async run(context) {
      const states = await knownStates(context)
      const lines = GATEWAY_FIELDS.map(field => [field, withSource(field, togetherOf(states), states)])
      const [{ store }] = states
      const isSo = store.names.length === 0 ? areInSync(states) : states.map(inWords).join("; ")
      return { ...Object.fromEntries(lines), in_sync: isSo }
    },
  },
})

/** What there is to tell of each of the gateways that share a copy. */
const copyStates = (state: StoreState): GatewayCopyState[] =>
  state.store.names.map(gateway => ({
    gateway,
    in_sync: areInSync([state]),
    drift: driftOf(state),
    reachable: isKnown(state),
  }))

function inWords(state: StoreState): string {
  const { store, trouble } = state
  const names = store.names.join(", ")
  if (trouble !== undefined) return `${names} not known: ${trouble.message}`
  return areInSync([state]) ? `${names} yes` : `${names} no: ${driftOf(state).join(", ")}`
}

/** A value as people read it, with its source where that is no row of the database. */
function withSource(field: GatewayField, state: Values, states: readonly StoreState[]): string {
  const value = spell(field, valuesOf(state)[field])
  const text = ({ unreadable }: { unreadable: ReadonlyMap<GatewayField, unknown> }) =>
    unreadable.has(field) ? `cannot be read: ${JSON.stringify(unreadable.get(field))}` : value
  switch (sourceOf(state, field)) {
    case "row":
      return text(state.database)
    case "copy": {
      const names = states.filter(({ copy }) => holds(readingOf(copy), field)).flatMap(({ store }) => store.names)
      return `${text(readingOf(state.copy))}  (the ${copyOf(names)} alone, which wins over its environment)`
    }
    case "env":
      return `${text(state.variables)}  (environment, as seen on this host)`
    case "unset":
      return "not set here: the gateway's own environment applies"
  }
}
