import { variableOf } from "../../adapters/gateway-words.ts"
import { riskPercent } from "../../domain/access-log-fields.ts"
import { examineBlocks } from "../../domain/cidr-list.ts"
import { unlessUnavailable } from "../../domain/errors.ts"
import { formatThreshold, type GatewayConfig, type GatewayField } from "../../domain/gateway.ts"
import type { OperationContext } from "../operation.ts"
import { readRecentLog } from "../recent-log.ts"
import { holds, type Values, valuesOf } from "./gateway-state.ts"
import { limitedBy, limitedText } from "./rate-limit.ts"

/** Returns what of the settings `after` a change of `changed` can be turned against the platform, a sentence each. */
export async function gatewayWarnings(
  context: OperationContext,
  after: Values,
  changed: readonly GatewayField[],
): Promise<string[]> {
  const values = valuesOf(after)
  const { ip_mode, trusted_cidrs } = values
  const touches = (...fields: GatewayField[]) => fields.some(field => changed.includes(field))
  return [
    ...(touches("ip_mode", "trusted_cidrs") && ip_mode !== "direct" && trusted_cidrs.length === 0
      ? [`mode ${ip_mode} without trusted CIDRs: ${WITHOUT_BLOCKS[ip_mode]}`]
      : []),
    ...(touches("trusted_cidrs") ? blockWarnings(trusted_cidrs) : []),
    ...(touches("rate_limit_capacity", "rate_limit_per_minute") ? await rateWarnings(context, values) : []),
    ...(touches("risk_reject_threshold") ? await thresholdWarnings(context, after) : []),
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

async function rateWarnings(context: OperationContext, rates: GatewayConfig): Promise<string[]> {
  const hits = await unlessUnavailable(limitedBy(context, rates))
  return hits === undefined || hits.count === 0
    ? []
    : [`at ${rates.rate_limit_per_minute} a minute, ${limitedText(hits)}`]
}

async function thresholdWarnings(context: OperationContext, after: Values): Promise<string[]> {
  if (!holds(after.database, "risk_reject_threshold")) return []
  const { risk_reject_threshold: threshold } = valuesOf(after)
  if (threshold === 0) {
    const seen = after.variables.values.risk_reject_threshold
    const over = seen ? `, which rejects at ${formatThreshold(seen)}` : ""
    return [`0 switches rejection off, whatever the gateway's environment says${over}`]
  }
  const share = await unlessUnavailable(shareRejected(context, threshold))
  return share === undefined || share < MOST
    ? []
    : [`${Math.round(share * 100)}% of the newest requests have this risk or more: they would be rejected`]
}

/** A threshold that rejects so large a share is warned of. */
const MOST = 0.5
/** Number of the newest requests that are looked at, and the number below which nothing is said. */
const LOOKED_AT = 1_000
const ENOUGH = 20

/** Returns the share of the newest requests that `threshold` would have rejected; undefined where there are too few. */
async function shareRejected(context: OperationContext, threshold: number): Promise<number | undefined> {
  let seen = 0
  let rejected = 0
  for await (const entries of readRecentLog(context)) {
    for (const entry of entries) {
      seen++
      if ((riskPercent(entry) ?? 0) >= threshold * 100) rejected++
    }
    if (seen >= LOOKED_AT) break
  }
  return seen < ENOUGH ? undefined : rejected / seen
}
