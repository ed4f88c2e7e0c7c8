import { z } from "zod"
import { GATEWAY_FIELDS, type GatewayField, gatewayState } from "../../domain/gateway.ts"
import { defineOperation } from "../operation.ts"
import { spell } from "./gateway-fields.ts"
import {
  driftOf,
  type GatewayState,
  readGatewayState,
  readingOf,
  sourceOf,
  sourcesOf,
  valuesOf,
} from "./gateway-state.ts"

/** Contract, section 2: `gateway show`. For people each value says what it comes from. */
export const showGateway = defineOperation({
  words: ["gateway", "show"],
  summary: "the gateway's settings, and whether its copy is in sync",
  input: z.object({}),
  answer: gatewayState,
  async run(context) {
    const state = await readGatewayState(context)
    return { ...valuesOf(state), sources: sourcesOf(state), in_sync: driftOf(state).length === 0 }
  },
  forPeople: {
    answer: z.record(z.enum([...GATEWAY_FIELDS, "in_sync"]), z.unknown()),
    async run(context) {
      const state = await readGatewayState(context)
      const lines = GATEWAY_FIELDS.map(field => [field, withSource(field, state)])
      return { ...Object.fromEntries(lines), in_sync: driftOf(state).length === 0 }
    },
  },
})

/** A value as people read it, with its source where that is no row of the database. */
function withSource(field: GatewayField, state: GatewayState): string {
  const value = spell(field, valuesOf(state)[field])
  const text = ({ unreadable }: { unreadable: ReadonlyMap<GatewayField, unknown> }) =>
    unreadable.has(field) ? `cannot be read: ${JSON.stringify(unreadable.get(field))}` : value
  switch (sourceOf(state, field)) {
    case "row":
      return text(state.database)
    case "copy":
      return `${text(readingOf(state.copy))}  (the gateway's copy alone, which wins over its environment)`
    case "env":
      return `${text(state.variables)}  (environment, as seen on this host)`
    case "unset":
      return "not set here: the gateway's own environment applies"
  }
}
