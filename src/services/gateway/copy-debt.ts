import { isDeepStrictEqual } from "node:util"
import { readRows } from "../../adapters/gateway-words.ts"
import { readGatewayCopy } from "../../adapters/redis/gateway-copy.ts"
import { GATEWAY_FIELDS, type GatewayField } from "../../domain/gateway.ts"
import { ownAudit } from "../audit.ts"
import type { Debt } from "../debt.ts"
import { gatewayRows, isDropped, readingOf, repairableFields, sourceOf, stateOf } from "./gateway-state.ts"
import { COPY_STEP, writeCopyOfRows } from "./write-copy.ts"

/** What the gateway's copy was asked to hold. */
export interface CopyAsked {
  /** The fields whose rows it is to agree with. */
  readonly set: readonly GatewayField[]
  /**
   * The fields that follow the gateway's environment again, so that it holds nothing of them. `was` is what it held when
   * that was asked for: any other value was written by somebody since, and stays.
   */
  readonly inherit: readonly { readonly field: GatewayField; readonly was?: unknown }[]
  /** Also where nothing of the gateway's is in its database yet. */
  readonly firstWrite?: boolean
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
      const taken = isRecord(metadata) && isRecord(metadata.inherited) ? metadata.inherited[field] : undefined
      return isRecord(after) && after[field] === null ? [{ field, was: taken }] : []
    })
    return { set, inherit }
  },
  async due(stores, db, { set, inherit, firstWrite = false }) {
    if (set.length === 0 && inherit.length === 0) return undefined
    const database = readRows(await gatewayRows(db))
    const write = (fields: readonly { readonly field: GatewayField }[]) =>
      writeCopyOfRows(stores, { inherit: fields.map(({ field }) => field), firstWrite })
    return {
      what: COPY_STEP,
      redis: () => write(inherit),
      async missing({ gateways }, signal) {
        const state = stateOf(database, await readGatewayCopy(gateways[0].client, signal))
        const held = readingOf(state.copy).values
        const left = inherit.filter(
          ({ field, ...one }) =>
            sourceOf(state, field) === "copy" && (!("was" in one) || isDeepStrictEqual(one.was, held[field])),
        )
        const isStale = repairableFields(state).some(field => set.includes(field))
        const isOwed = isDropped(state.copy) || isStale || left.length > 0
        return isOwed ? [{ what: COPY_STEP, redis: () => write(left) }] : []
      },
    }
  },
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null
