import { readVariables, variableOf } from "../../adapters/gateway-words.ts"
import { type Finding, ok, warning } from "../../domain/check.ts"
import { GATEWAY_FIELDS, type GatewayField } from "../../domain/gateway.ts"
import { driftOf, holds, isDropped, readGatewayState, sourceOf } from "../gateway/gateway-state.ts"
import { type GatewayStore, gatewayStores } from "../gateway/gateway-store.ts"
import { IN_BRIEF, ofGateways } from "../gateway-names.ts"
import type { ExaminationContext } from "../operation.ts"
import type { Check } from "./check.ts"
import type { GatewayServer } from "./gateway-servers.ts"
import { operatorCheck } from "./operator-check.ts"

/** Checks of the copies of the settings: gateways in one database go by one of them. */
export const gatewayChecks = (servers: readonly GatewayServer[]): Check[] =>
  servers.flatMap(server =>
    gatewayStores(server).flatMap(store =>
      [copy, environment].map(({ name, look }) => ({
        area: "platform" as const,
        name: `${name}${ofGateways(store.names, IN_BRIEF)}`,
        after: [operatorCheck, server.connection],
        look: (context: ExaminationContext) => look(context, store),
      })),
    ),
  )

interface StoreCheck {
  readonly name: string
  readonly look: (context: ExaminationContext, store: GatewayStore) => Promise<Finding>
}

const check = (name: string, look: StoreCheck["look"]): StoreCheck => ({ name, look })

const copy = check("gateway's copy", async (stores, store) => {
  const state = await readGatewayState(stores, store)
  const remedy = "on the console's gateway screen, write the settings to the gateway's copy again"
  if (isDropped(state.copy)) return warning("the gateway ignores it: its format is invalid", remedy)
  const drift = driftOf(state)
  const rowless = drift.filter(field => sourceOf(state, field) === "copy")
  const differing = drift.filter(field => !rowless.includes(field))
  if (drift.length === 0)
    return ok(state.copy === undefined ? "none, as there are no settings" : "agrees with the settings")
  const says = [
    ...(differing.length > 0 ? [`differs from the settings in ${differing.join(", ")}`] : []),
    ...(rowless.length > 0
      ? [`holds ${rowless.join(", ")} without a row, which win over the gateway's environment`]
      : []),
  ]
  const inherit = `opsdeck gateway set ${rowless.map(field => `--inherit ${field}`).join(" ")}, or set them`
  return warning(says.join("; "), ...(differing.length > 0 ? [remedy] : []), ...(rowless.length > 0 ? [inherit] : []))
})

/** The gateway reads its environment where neither a row nor the copy says anything; this host's need not be the same. */
const environment = check("environment", async ({ host, ...stores }, store) => {
  const state = { ...(await readGatewayState(stores, store)), variables: readVariables(host.env) }
  const seen = GATEWAY_FIELDS.filter(field => holds(state.variables, field))
  const named = (fields: readonly GatewayField[]) => fields.map(variableOf).join(", ")
  if (seen.length === 0) {
    const unset = GATEWAY_FIELDS.filter(field => sourceOf(state, field) === "unset")
    if (unset.length === 0) return ok("none on this host, and none counts: every setting has a row or is in the copy")
    const which = unset.length === GATEWAY_FIELDS.length ? "every setting" : unset.join(", ")
    return ok(`none on this host: the gateway's own, or its defaults, count for ${which}`)
  }
  const inForce = seen.filter(field => sourceOf(state, field) === "env")
  const unreadable = inForce.filter(field => state.variables.unreadable.has(field))
  const overruled = seen.filter(field => !inForce.includes(field))
  const says = [
    ...(inForce.length > 0 ? [`${named(inForce)} on this host, in force where the gateway has them too`] : []),
    ...(overruled.length > 0 ? [`${named(overruled)} without effect, since a row or the copy says otherwise`] : []),
  ].join("; ")
  return unreadable.length === 0
    ? ok(says)
    : warning(`${named(unreadable)} cannot be read; ${says}`, `correct ${named(unreadable)}`)
})
