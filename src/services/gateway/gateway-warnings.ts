import { variableOf } from "../../adapters/gateway-words.ts"
import { readBack } from "../../adapters/redis/read-back.ts"
import { riskPercent } from "../../domain/access-log.ts"
import { examineBlocks } from "../../domain/cidr-list.ts"
import { asDeckError } from "../../domain/errors.ts"
import { type GatewayField, spellThreshold } from "../../domain/gateway.ts"
import type { OperationContext } from "../operation.ts"
import { type GatewayState, holds, valuesOf } from "./gateway-state.ts"

/** What of the settings `after` a change of `changed` can be turned against the platform, a sentence each. */
export async function gatewayWarnings(
  context: OperationContext,
  after: Parameters<typeof valuesOf>[0] & Pick<GatewayState, "variables">,
  changed: readonly GatewayField[],
): Promise<string[]> {
  const { ip_mode, trusted_cidrs, risk_reject_threshold } = valuesOf(after)
  const touches = (...fields: GatewayField[]) => fields.some(field => changed.includes(field))
  return [
    ...(touches("ip_mode", "trusted_cidrs") && ip_mode !== "direct" && trusted_cidrs.length === 0
      ? [`mode ${ip_mode} without trusted CIDRs: ${WITHOUT_BLOCKS[ip_mode]}`]
      : []),
    ...(touches("trusted_cidrs") ? blockWarnings(trusted_cidrs) : []),
    ...(changed.includes("risk_reject_threshold")
      ? await thresholdWarnings(context, after, risk_reject_threshold)
      : []),
  ]
}

const UNLESS = `unless the gateway's environment sets some (${variableOf("trusted_cidrs")})`

/** What the gateway does without trusted blocks (contract, section 4). */
const WITHOUT_BLOCKS = {
  cdn: `a client can choose the address that it is known by, ${UNLESS}`,
  proxy: `the forwarded address is not read, so every client has the proxy's, ${UNLESS}`,
} as const

const blockWarnings = (blocks: readonly string[]): string[] => [
  ...(blocks.length > 0 ? [] : ["an empty list falls back to the gateway's environment"]),
  ...examineBlocks(blocks).flatMap(({ line, remarks }) => remarks.map(remark => `${blocks[line]} ${remark}`)),
]

async function thresholdWarnings(
  context: OperationContext,
  { variables, database }: Pick<GatewayState, "variables" | "database">,
  threshold: number,
): Promise<string[]> {
  if (!holds(database, "risk_reject_threshold")) return []
  if (threshold === 0) {
    const seen = variables.values.risk_reject_threshold
    const over = seen ? `, which rejects at ${spellThreshold(seen)}` : ""
    return [`0 switches rejection off, whatever the gateway's environment says${over}`]
  }
  const share = await shareRejected(context, threshold)
  return share === undefined || share < MOST
    ? []
    : [`${Math.round(share * 100)}% of the newest requests have this risk or more: they would be rejected`]
}

const MOST = 0.5
/** So many of the newest requests tell what most of them score. */
const LOOKED_AT = 1_000
const ENOUGH = 20

/** The share of the newest requests that `threshold` would have rejected; undefined where there are too few to tell. */
async function shareRejected({ redis, signal }: OperationContext, threshold: number): Promise<number | undefined> {
  let seen = 0
  let rejected = 0
  try {
    for await (const entries of readBack(redis.gateway, redis.options.stream, {}, signal)) {
      for (const entry of entries) {
        seen++
        if ((riskPercent(entry) ?? 0) >= threshold * 100) rejected++
      }
      if (seen >= LOOKED_AT) break
    }
  } catch (error) {
    if (asDeckError(error).code !== "unavailable") throw error
  }
  return seen < ENOUGH ? undefined : rejected / seen
}
