import { z } from "zod"
import { readRows, settingOf, toRows } from "../../adapters/gateway-words.ts"
import { deleteSettings, lockSettings, writeSettings } from "../../adapters/postgres/settings.ts"
import type { Several } from "../../adapters/redis/connections.ts"
import { unlessUnavailable } from "../../domain/errors.ts"
import { reason } from "../../domain/fields.ts"
import { GATEWAY_FIELDS, type GatewayField, gatewayConfig, gatewayUpdate } from "../../domain/gateway.ts"
import { labelOf } from "../../domain/schema.ts"
import { type AuditedChange, change, refuseUnseen } from "../change.ts"
import type { PlannedStep } from "../debt.ts"
import { defineChange, type OperationContext } from "../operation.ts"
import { settingCaches } from "../setting-debts.ts"
import { gatewayCopy, heldBefore } from "./copy-debt.ts"
import { askedOf, duesOf } from "./gateway-dues.ts"
import { changedBy, pick } from "./gateway-fields.ts"
import { previewOfGateway, previewOfGatewayRepair } from "./gateway-preview.ts"
import {
  GATEWAY_KEYS,
  gatewayRows,
  heldAmong,
  isKnown,
  isRepairable,
  knownStates,
  readGatewayStates,
  readingOf,
  repairableFields,
  rowsOf,
  type StoreState,
  stateAfter,
  stateOf,
  togetherOf,
  valuesOf,
} from "./gateway-state.ts"
import { showGateway } from "./show-gateway.ts"
import { copyOf, copyStep, FIRST_WRITE, refuseWithoutGateway } from "./write-copy.ts"

/** Contract, section 2: `gateway set`. A row is written for what is set and no other, and goes for what is inherited. */
export const setGateway = defineChange({
  words: ["gateway", "set"],
  writes: "gateway",
  summary: "change the gateway's settings",
  input: gatewayUpdate,
  answer: gatewayConfig,
  shownBy: showGateway,
  preview: (context, { reason: _reason, first_write = false, inherit = [], ...patch }) =>
    previewOfGateway(context, { patch, inherit, firstWrite: first_write }),
  async run(context, { reason, first_write = false, inherit = [], ...patch }) {
    const isFirst = first_write || context.seen.confirmed === FIRST_WRITE
    const states = await statesBefore(context, isFirst)
    return change(context, async tx => {
      await lockSettings(tx)
      const database = readRows(await gatewayRows(tx))
      refuseUnseen(context, rowsOf(database), patch)
      const written = pick(patch, changedBy(patch, database))
      const before = stateOf(database, togetherOf(states).copy)
      const inherited = heldAmong(before, inherit)
      await writeSettings(tx, toRows(written))
      await deleteSettings(tx, inherited.map(settingOf))
      const fields = [...(Object.keys(written) as GatewayField[]), ...inherited]
      const owing = await duesOf(context, tx, askedOf(patch, inherit, isFirst))
      const saved = auditedOf(
        pick({ ...rowsOf(database), ...Object.fromEntries(database.unreadable) }, fields),
        { ...written, ...Object.fromEntries(inherited.map(field => [field, null])) },
        heldBefore(states, database, inherited),
        [...fields.map(field => ({ what: labelOf(gatewayUpdate, field) })), ...owing],
      )
      const answer = valuesOf(stateAfter(before, written, inherited))
      return { answer, reason, audited: fields.length === 0 ? [] : [saved], owing }
    })
  },
})

export const commands = [setGateway]

/**
 * The states before a change; where a copy cannot be read, the change is saved all the same, and the copy is owed. Throws
 * DeckError "conflict" where nothing of a gateway's is in its database, unless it is confirmed that this is so.
 */
async function statesBefore(context: OperationContext, isFirstWrite: boolean): Promise<Several<StoreState>> {
  const states = await readGatewayStates(context)
  if (!isFirstWrite) {
    for (const { store } of states.filter(isKnown)) await unlessUnavailable(refuseWithoutGateway(context, store))
  }
  return states
}

/** Brings the copies of the gateways to what the database says, whoever made them differ. No command of its own. */
export const repairGateway = defineChange({
  words: ["gateway", "repair"],
  writes: "gateway",
  summary: "write the settings in the database to the gateway's copy",
  input: z.object({ reason }),
  answer: z.null(),
  preview: async context => previewOfGatewayRepair(await knownStates(context)),
  async run(context, { reason }) {
    const states = await knownStates(context)
    for (const { store } of states.filter(isKnown)) await refuseWithoutGateway(context, store)
    return change(context, async tx => {
      const asked = { set: GATEWAY_FIELDS, inherit: [] }
      const copies = await gatewayCopy.due(context, tx, asked)
      const caches = await settingCaches.due(context, tx, GATEWAY_KEYS)
      const repaired = states.filter(isRepairable).map((state, index): AuditedChange => {
        const fields = repairableFields(state)
        const { names } = state.store
        return auditedOf(
          pick(readingOf(state.copy).values, fields),
          pick(state.database.values, fields),
          { repaired: `the ${copyOf(names)}` },
          [...copies.filter(({ what }) => what === copyStep(names)), ...(index === 0 ? caches : [])],
        )
      })
      return { answer: null, reason, audited: repaired, owing: copies }
    })
  },
})

const auditedOf = (
  before: object,
  after: object,
  metadata: AuditedChange["audit"]["metadata"],
  steps: readonly PlannedStep[],
): AuditedChange => ({
  audit: {
    action: "gateway.config_update",
    target: { type: "platform_setting", id: "gateway" },
    metadata,
    before: { ...before },
    after: { ...after },
  },
  steps,
})
