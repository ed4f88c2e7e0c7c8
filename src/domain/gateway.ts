import { z } from "zod"
import { examineBlocks, readBlock } from "./cidr-list.ts"
import { reason, risk } from "./fields.ts"

/** Where the gateway takes the address of a client from: the connection, a trusted proxy, or a CDN. */
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

/** What is so where nothing is set (contract, section 3). */
export const GATEWAY_DEFAULTS: GatewayConfig = { ip_mode: "direct", trusted_cidrs: [], risk_reject_threshold: 0 }

/** Contract, section 2, `gateway show`. */
export const gatewayState = gatewayConfig.extend({ in_sync: z.boolean() })

/** The gateway's settings as the console shows them: in the database, and in the gateway's copy of them in Redis. */
export const gatewayInspection = z.object({
  database: gatewayConfig,
  /** Null where there is none, or it cannot be read. */
  copy: gatewayConfig.nullable(),
  /** What else the copy holds, which is not opsdeck's to change. */
  unknown: z.record(z.string(), z.unknown()),
  /** In which fields the two differ. */
  drift: z.array(z.enum(GATEWAY_FIELDS)),
  /** Whether it would help to write the database's values to the copy. */
  repairable: z.boolean(),
  /** The fields that cannot be read where they are kept; the default stands for them above. */
  garbled: z.object({ database: z.array(z.enum(GATEWAY_FIELDS)), copy: z.array(z.enum(GATEWAY_FIELDS)) }),
  /** What there is and cannot be read as it should, in sentences. */
  unreadable: z.array(z.string()),
  /** Why Redis could not be asked for the copy; about it nothing is known then. */
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

/** Nothing but a number is one: an empty text must not count as 0, which would switch rejection off. */
export const threshold = z.preprocess(
  value => (typeof value === "number" || /^\d*\.?\d+$/.test(String(value)) ? value : Number.NaN),
  risk.refine(value => Number(value.toFixed(2)) === value, "must have at most two decimals"),
)

/** A threshold as people read it, everywhere alike: `0.70`. */
export const spellThreshold = (threshold: number): string => threshold.toFixed(2)

/** So many seconds after a threshold is in the gateway's copy at the latest, the gateway goes by it (contract, section 4). */
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
  risk_reject_threshold: threshold.optional().meta({ label: "reject at risk", spell: spellThreshold }),
})
export type GatewayPatch = z.output<typeof patch>

/** The input of `gateway set`. */
export const gatewayUpdate = z
  .object({ ...patch.shape, reason })
  .refine(
    ({ reason: _reason, ...fields }) => Object.values(fields).some(value => value !== undefined),
    `names nothing to change: give at least one of ${GATEWAY_FIELDS.join(", ")}`,
  )
