import { z } from "zod"
import { readRows, settingOf, toRows } from "../../adapters/gateway-words.ts"
import { deleteSettings, lockSettings, writeSettings } from "../../adapters/postgres/settings.ts"
import { readGatewayCopy } from "../../adapters/redis/gateway-copy.ts"
import { asDeckError } from "../../domain/errors.ts"
import { reason } from "../../domain/fields.ts"
import { GATEWAY_FIELDS, type GatewayField, gatewayConfig, gatewayUpdate } from "../../domain/gateway.ts"
import { labelOf } from "../../domain/schema.ts"
import { type AuditedChange, change, refuseUnseen } from "../change.ts"
import type { PlannedStep } from "../debt.ts"
import { type ChangeContext, defineChange } from "../operation.ts"
import { askedOf, duesOf } from "./gateway-dues.ts"
import { changedBy, pick } from "./gateway-fields.ts"
import { previewOfGateway, previewOfGatewayRepair } from "./gateway-preview.ts"
import {
  gatewayRows,
  heldAmong,
  isRepairable,
  readGatewayState,
  readingOf,
  repairableFields,
  rowsOf,
  stateAfter,
  stateOf,
  valuesOf,
} from "./gateway-state.ts"
import { showGateway } from "./show-gateway.ts"
import { databaseWithoutGateway, FIRST_WRITE } from "./write-copy.ts"

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
    const copy = await copyBefore(context, first_write)
    return change(context, async tx => {
      await lockSettings(tx)
      const database = readRows(await gatewayRows(tx))
      refuseUnseen(context, rowsOf(database), patch)
      const written = pick(patch, changedBy(patch, database))
      const before = stateOf(database, copy)
      const inherited = heldAmong(before, inherit)
      await writeSettings(tx, toRows(written))
      await deleteSettings(tx, inherited.map(settingOf))
      const fields = [...(Object.keys(written) as GatewayField[]), ...inherited]
      const owing = await duesOf(context, tx, askedOf(patch, inherit, isFirstWrite(context, first_write)))
      const saved = auditedOf(
        pick({ ...rowsOf(database), ...Object.fromEntries(database.unreadable) }, fields),
        { ...written, ...Object.fromEntries(inherited.map(field => [field, null])) },
        // What the copy holds: a repair takes that away, and nothing that somebody else wrote since.
        inherited.length === 0 ? {} : { inherited: pick({ ...database.values, ...readingOf(copy).values }, inherited) },
        [...fields.map(field => ({ what: labelOf(gatewayUpdate, field) })), ...owing],
      )
      const answer = valuesOf(stateAfter(before, written, inherited))
      return { answer, reason, audited: fields.length === 0 ? [] : [saved], owing }
    })
  },
})

export const commands = [setGateway]

/**
 * The gateway's copy before a change, where Redis can be asked: else the change is saved all the same, and the copy is
 * owed. Throws DeckError "conflict" where nothing of the gateway's is there, unless it is confirmed that this is so.
 */
async function copyBefore(context: ChangeContext, firstWrite: boolean) {
  try {
    if (!isFirstWrite(context, firstWrite)) await databaseWithoutGateway(context, "refuse")
    return await readGatewayCopy(context.redis.gateways[0].client, context.signal)
  } catch (error) {
    if (asDeckError(error).code !== "unavailable") throw error
    return undefined
  }
}

/** Whether it is confirmed that nothing of the gateway's need be there yet. */
const isFirstWrite = ({ seen }: ChangeContext, given: boolean) => given || seen.confirmed === FIRST_WRITE

/** Brings the gateway's copy to what the database says, whoever made them differ. No command of its own. */
export const repairGateway = defineChange({
  words: ["gateway", "repair"],
  writes: "gateway",
  summary: "write the settings in the database to the gateway's copy",
  input: z.object({ reason }),
  answer: z.null(),
  preview: async context => previewOfGatewayRepair(await readGatewayState(context)),
  async run(context, { reason }) {
    const state = await readGatewayState(context)
    await databaseWithoutGateway(context, "refuse")
    const fields = repairableFields(state)
    return change(context, async tx => {
      const owing = await duesOf(context, tx, { set: GATEWAY_FIELDS, inherit: [] })
      const saved = auditedOf(
        pick(readingOf(state.copy).values, fields),
        pick(state.database.values, fields),
        { repaired: "the gateway's copy" },
        owing,
      )
      return { answer: null, reason, audited: isRepairable(state) ? [saved] : [] }
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
