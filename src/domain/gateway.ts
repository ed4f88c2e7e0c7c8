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
  /** The requests that an address or an organization may send at once, before the rate counts. */
  rate_limit_capacity: z.number(),
  /** The requests that each of them may send a minute. */
  rate_limit_per_minute: z.number(),
})
export type GatewayConfig = z.infer<typeof gatewayConfig>
export type GatewayField = keyof GatewayConfig

export const GATEWAY_FIELDS = Object.keys(gatewayConfig.shape) as GatewayField[]

/** Defaults of the platform (contract, section 3). */
export const GATEWAY_DEFAULTS: GatewayConfig = {
  ip_mode: "direct",
  trusted_cidrs: [],
  risk_reject_threshold: 0,
  rate_limit_capacity: 600,
  rate_limit_per_minute: 300,
}

/**
 * Source of a value (contract, section 2): a row of the database; a member of the gateway's copy without a row,
 * which wins over the gateway's environment; a variable of the gateway that is seen on this host; or nothing that can be
 * seen from here, so that the gateway's own environment applies, or the platform's default.
 */
const GATEWAY_SOURCES = ["row", "copy", "env", "unset"] as const
export type GatewaySource = (typeof GATEWAY_SOURCES)[number]

const sources = z.record(gatewayConfig.keyof(), z.enum(GATEWAY_SOURCES))
export type GatewaySources = z.infer<typeof sources>

const fields = z.array(z.enum(GATEWAY_FIELDS))

/** The copy of one of several gateways (contract, section 10). */
const copyState = z.object({
  gateway: z.string(),
  in_sync: z.boolean(),
  /** Fields in which it differs from a row, or has a value without one. */
  drift: fields,
  /** Whether it can be read; else nothing is known of it. */
  reachable: z.boolean(),
})

/** Contract, section 2, `gateway show`; `copies` where a profile lists gateways. */
export const gatewayState = gatewayConfig.extend({
  sources,
  in_sync: z.boolean(),
  copies: z.array(copyState).optional(),
})
export type GatewayCopyState = z.infer<typeof copyState>

/** A copy of the settings in Redis, for the console. */
const inspectedCopy = z.object({
  /** The gateways that go by it; none where there is one, which nobody named. */
  gateways: z.array(z.string()),
  /** The settings that it holds; null where there is no copy, or it cannot be read. */
  copy: gatewayConfig.partial().nullable(),
  /** Its other members, which opsdeck does not change. */
  unknown: z.record(z.string(), z.unknown()),
  /** Fields in which it differs from a row, or has a value without one. */
  drift: fields,
  /** Whether writing the database's values to it would fix it. */
  repairable: z.boolean(),
  /** Fields of it that cannot be read. */
  garbled: fields,
  /** Why it could not be read from Redis; it is unknown then. */
  trouble: z.string().nullable(),
})
export type InspectedCopy = z.infer<typeof inspectedCopy>

/** The gateway's settings for the console: in the database, and in the copies of them in Redis. */
export const gatewayInspection = z.object({
  /** The settings that have a row which can be read. */
  database: gatewayConfig.partial(),
  sources,
  /** Effective values as far as they can be known here; see `sources`. */
  values: gatewayConfig,
  /** Fields whose rows cannot be read. */
  garbled: fields,
  /** Sentences about everything that cannot be read where it is stored. */
  unreadable: z.array(z.string()),
  /** At least one. */
  copies: z.array(inspectedCopy),
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
const number = (value: unknown) => (typeof value === "number" || /^\d*\.?\d+$/.test(String(value)) ? value : Number.NaN)

export const threshold = z.preprocess(
  number,
  risk.refine(value => Number(value.toFixed(2)) === value, "must have at most two decimals"),
)

/** Formats a threshold: `0.70`. */
export const formatThreshold = (threshold: number): string => threshold.toFixed(2)

/** Maximum delay, in seconds, until the gateway applies a threshold of its copy (contract, section 4). */
export const THRESHOLD_DELAY_S = 30

/** The lowest rate: a smaller number would be written with an exponent, which the platform does not read. */
const LEAST_RATE = 0.001

/** A rate, as the platform keeps it: a number above 0. */
const rate = z.preprocess(
  number,
  z.coerce
    .number("must be a number above 0")
    .min(LEAST_RATE, `must be at least ${LEAST_RATE}`)
    .max(1e9, "must be at most 1 000 000 000"),
)

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
  rate_limit_capacity: rate.optional().meta({ label: "burst", placeholder: "N" }),
  rate_limit_per_minute: rate.optional().meta({ label: "rate per minute", placeholder: "N" }),
})
export type GatewayPatch = z.output<typeof patch>

/** The settings that are to follow the gateway's own environment again. */
const inherit = z
  .array(z.enum(GATEWAY_FIELDS, `must be one of ${GATEWAY_FIELDS.join(", ")}`))
  .min(1)
  .optional()
  .meta({ label: "a setting to take back: the gateway's environment applies again", placeholder: "NAME" })

/** The input of `gateway set`. */
export const gatewayUpdate = z
  .object({
    ...patch.shape,
    inherit,
    first_write: z
      .boolean()
      .optional()
      .meta({ label: "write also where neither the access log nor the gateway's copy is yet" }),
    reason,
  })
  .refine(
    ({ reason: _reason, first_write: _first, ...fields }) => Object.values(fields).some(value => value !== undefined),
    `nothing to change: specify at least one of ${GATEWAY_FIELDS.join(", ")}`,
  )
  .superRefine((update, context) => {
    const both = update.inherit?.find(field => update[field] !== undefined)
    if (both === undefined) return
    context.addIssue({ code: "custom", path: ["inherit"], message: `names ${both}, which is set as well` })
  })
