import { z } from "zod"
import { examineBlocks, readBlock } from "./cidr-list.ts"
import { reason, risk } from "./fields.ts"

/** Source of a client's address: the connection, a trusted proxy, or a CDN. */
export const IP_MODES = ["direct", "proxy", "cdn"] as const
export type IpMode = (typeof IP_MODES)[number]

/** The gateway's settings in the contract's words and units (sections 2 and 4). */
export const gatewayConfig = z.object({
  ip_mode: z.enum(IP_MODES),
  /** CIDR blocks; a database may hold anything else in their place. */
  trusted_cidrs: z.array(z.string()),
  /** Requests of this risk, 0 to 1, or more are rejected; none at 0. */
  risk_reject_threshold: z.number(),
})
export type GatewayConfig = z.infer<typeof gatewayConfig>
export type GatewayField = keyof GatewayConfig

export const GATEWAY_FIELDS = Object.keys(gatewayConfig.shape) as GatewayField[]

/** Defaults of the settings (contract, section 3). */
export const GATEWAY_DEFAULTS: GatewayConfig = { ip_mode: "direct", trusted_cidrs: [], risk_reject_threshold: 0 }

/** Contract, section 2, `gateway show`. */
export const gatewayState = gatewayConfig.extend({ in_sync: z.boolean() })

/** The gateway's settings for the console: in the database, and in the gateway's copy of them in Redis. */
export const gatewayInspection = z.object({
  database: gatewayConfig,
  /** Null where there is none, or it cannot be read. */
  copy: gatewayConfig.nullable(),
  /** Other members of the copy, which opsdeck does not change. */
  unknown: z.record(z.string(), z.unknown()),
  /** Fields in which the two differ. */
  drift: z.array(z.enum(GATEWAY_FIELDS)),
  /** Whether writing the database's values to the copy would fix it. */
  repairable: z.boolean(),
  /** Fields that cannot be read where they are stored; their defaults are shown above. */
  garbled: z.object({ database: z.array(z.enum(GATEWAY_FIELDS)), copy: z.array(z.enum(GATEWAY_FIELDS)) }),
  /** Sentences about everything that cannot be read. */
  unreadable: z.array(z.string()),
  /** Why the copy could not be read from Redis; it is unknown then. */
  trouble: z.string().nullable(),
})
export type GatewayInspection = z.infer<typeof gatewayInspection>

const block = z
  .string()
  .transform((text, context) => {
    const read = readBlock(text)
    if (typeof read !== "string") return read.spelled
    context.addIssue({ code: "custom", message: `${text.trim() === "" ? "an empty text" : text} ${read}` })
    return z.NEVER
  })
  .meta({ placeholder: "CIDR" })

/** A number only: an empty text must not count as 0, which would switch rejection off. */
export const threshold = z.preprocess(
  value => (typeof value === "number" || /^\d*\.?\d+$/.test(String(value)) ? value : Number.NaN),
  risk.refine(value => Number(value.toFixed(2)) === value, "must have at most two decimals"),
)

/** Formats a threshold: `0.70`. */
export const formatThreshold = (threshold: number): string => threshold.toFixed(2)

/** Maximum delay, in seconds, until the gateway applies a threshold of its copy (contract, section 4). */
export const THRESHOLD_DELAY_S = 30

const patch = z.object({
  ip_mode: z
    .enum(IP_MODES, `must be one of ${IP_MODES.join(", ")}`)
    .optional()
    .meta({ label: "mode" }),
  trusted_cidrs: z
    .array(block)
    .optional()
    .meta({ label: "trusted CIDRs", placeholder: "CIDR", examine: examineBlocks }),
  risk_reject_threshold: threshold.optional().meta({ label: "reject at risk", format: formatThreshold }),
})
export type GatewayPatch = z.output<typeof patch>

/** The input of `gateway set`. */
export const gatewayUpdate = z
  .object({ ...patch.shape, reason })
  .refine(
    ({ reason: _reason, ...fields }) => Object.values(fields).some(value => value !== undefined),
    `nothing to change: specify at least one of ${GATEWAY_FIELDS.join(", ")}`,
  )
