import { z } from "zod"
import { address, cidr, id, page, reason, wholeNumber } from "./fields.ts"
import { formatAddress, parseAddress } from "./ip-block.ts"

/** What is held at the gateway: an address, or an organization by its id. */
export interface HoldTarget {
  readonly type: "address" | "organization"
  readonly id: string
}

export const LONGEST_HOLD_MIN = 240
const DEFAULT_HOLD_MIN = 15

/** In the spelling of the gateway. */
const clientAddress = address.overwrite(text => {
  const parsed = parseAddress(text)
  return parsed === undefined ? text : formatAddress(parsed)
})

const targets = {
  address: clientAddress.optional().meta({ label: "an address" }),
  org_id: id.optional().meta({ label: "an organization, by its id" }),
}

const isOne = (given: { readonly address?: unknown; readonly org_id?: unknown }) =>
  (given.address === undefined) !== (given.org_id === undefined)
const EITHER = "specify one of address, org_id"

const minutes = wholeNumber(1, LONGEST_HOLD_MIN)
  .default(DEFAULT_HOLD_MIN)
  .meta({ label: `minutes, 1 to ${LONGEST_HOLD_MIN}`, placeholder: "N" })

const anyway = z
  .boolean()
  .optional()
  .meta({ label: "even a trusted proxy's or private address, or more than a fifth of all requests" })

/** The input of `gateway hold` (contract, section 2). */
export const holdRequest = z.object({ ...targets, minutes, anyway, reason }).refine(isOne, EITHER)
export type HoldRequest = z.output<typeof holdRequest>

/** The input of `gateway release`. */
export const holdRelease = z.object({ ...targets, reason }).refine(isOne, EITHER)

/** All addresses of some networks, as they appear in the log. */
export const networkHold = z.object({
  networks: z.array(cidr).min(1, "must be at least one network"),
  minutes,
  anyway,
  reason,
})

/** The target that was named: one is. */
export const targetOf = ({ address, org_id }: Pick<HoldRequest, "address" | "org_id">): HoldTarget =>
  address === undefined ? { type: "organization", id: org_id as string } : { type: "address", id: address }

/** What is held (contract, section 2, `gateway holds`). */
export const held = z.object({
  address: z.string().optional(),
  org_id: id.optional(),
  since: z.string(),
  until: z.string(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
  /** Requests answered 429 since then, as far as the stream holds them; null where that is not known. */
  refused: z.number().nullable(),
  /** Where it was released and some gateway holds it still, or may: when. */
  released_at: z.string().optional(),
  /** Of several gateways those that do not have it, or its release, or could not be asked, by their names. */
  lacking: z.array(z.string()).optional(),
  /** Of these, those that could not be asked. */
  unknown: z.array(z.string()).optional(),
})
export type Held = z.infer<typeof held>

export const holds = page(held)

/** The same for the console. */
const heldRow = held.extend({
  /** Whether the bucket of each gateway is empty until then, or free where it was released; null where Redis cannot be asked. */
  in_force: z.boolean().nullable(),
  /** Null for an address, and for an organization that is not there. */
  org_name: z.string().nullable(),
  /** The network that it is held for. */
  network: z.string().nullable(),
})
export type HeldRow = z.infer<typeof heldRow>

export const heldRows = page(heldRow)
