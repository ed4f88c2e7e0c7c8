import { isDeepStrictEqual } from "node:util"
import { type GatewayReading, readRows } from "../../adapters/gateway-words.ts"
import type { Several } from "../../adapters/redis/connections.ts"
import { readGatewayCopy } from "../../adapters/redis/gateway-copy.ts"
import { GATEWAY_FIELDS, type GatewayField } from "../../domain/gateway.ts"
import { ownAudit } from "../audit.ts"
import type { Debt, Due } from "../debt.ts"
import { pick } from "./gateway-fields.ts"
import {
  type GatewayState,
  gatewayRows,
  isDropped,
  isKnown,
  readingOf,
  repairableFields,
  type StoreState,
  sourceOf,
  stateOf,
  togetherOf,
} from "./gateway-state.ts"
import { type GatewayStore, gatewayStores } from "./gateway-store.ts"
import { copyStep, writeCopyOfRows } from "./write-copy.ts"

/** What the gateway's copy was asked to hold. */
export interface CopyAsked {
  /** The fields whose rows it is to agree with. */
  readonly set: readonly GatewayField[]
  /** The fields that follow the gateway's environment again, so that it holds nothing of them. */
  readonly inherit: readonly Inherited[]
  /** Also where nothing of the gateway's is in its database yet. */
  readonly firstWrite?: boolean
}

interface Inherited {
  readonly field: GatewayField
  /** What a copy held when that was asked for: any other value was written by somebody since, and stays. */
  readonly was?: (names: readonly string[]) => unknown
}

/** What stood where fields were taken from, in the metadata of the audit row. */
interface HeldBefore {
  readonly inherited?: Values
  /** In the copies of gateways by their names, where these are listed. */
  readonly inherited_of?: Readonly<Record<string, Values>>
}
type Values = Readonly<Partial<Record<GatewayField, unknown>>>

/** What rows and copies hold of the fields `inherited`: a repair takes that away, and nothing that somebody else wrote since. */
export function heldBefore(
  states: Several<StoreState>,
  { values }: GatewayReading,
  inherited: readonly GatewayField[],
): Readonly<Record<string, unknown>> {
  if (inherited.length === 0) return {}
  const heldIn = (copy: Parameters<typeof readingOf>[0]) => pick({ ...values, ...readingOf(copy).values }, inherited)
  const named = states
    .filter(isKnown)
    .flatMap(({ store, copy }) => store.names.map(name => [name, heldIn(copy)] as const))
  const held: HeldBefore = {
    inherited: heldIn(togetherOf(states).copy),
    ...(named.length > 0 && { inherited_of: Object.fromEntries(named) }),
  }
  return { ...held }
}

/** The gateway's copy, where it says something else than the rows, or holds what was taken away. */
export const gatewayCopy: Debt<CopyAsked> = {
  async changed(db) {
    const rows = await ownAudit(db)
      .select(["after_state_json", "metadata_json"])
      .where("action", "=", "gateway.config_update")
      .orderBy("ts", "desc")
      .execute()
    const newest = (field: GatewayField) =>
      rows.find(({ after_state_json }) => isRecord(after_state_json) && field in after_state_json)
    const set = GATEWAY_FIELDS.filter(newest)
    const inherit = set.flatMap(field => {
      const { after_state_json: after, metadata_json: metadata } = newest(field) ?? {}
      const { inherited, inherited_of: of } = (isRecord(metadata) ? metadata : {}) as HeldBefore
      const was = ([name]: readonly string[]) => (of?.[name ?? ""] ?? inherited)?.[field]
      return isRecord(after) && after[field] === null ? [{ field, was }] : []
    })
    return { set, inherit }
  },
  async due(stores, db, { set, inherit, firstWrite = false }) {
    if (set.length === 0 && inherit.length === 0) return []
    const database = readRows(await gatewayRows(db))
    return gatewayStores(stores.redis).map((store): Due => {
      const what = copyStep(store.names)
      const write = (fields: readonly Inherited[]) =>
        writeCopyOfRows(stores, store, { inherit: fields.map(({ field }) => field), firstWrite })
      return {
        what,
        redis: () => write(inherit),
        async missing(_, signal) {
          const state = stateOf(database, await readGatewayCopy(store.client, signal))
          const left = inherit.filter(one => sourceOf(state, one.field) === "copy" && isAsBefore(one, state, store))
          const isStale = repairableFields(state).some(field => set.includes(field))
          const isOwed = isDropped(state.copy) || isStale || left.length > 0
          return isOwed ? [{ what, redis: () => write(left) }] : []
        },
      }
    })
  },
}

const isAsBefore = ({ field, was }: Inherited, { copy }: GatewayState, { names }: GatewayStore): boolean =>
  was === undefined || isDeepStrictEqual(was(names), readingOf(copy).values[field])

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null
