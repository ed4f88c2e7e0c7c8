import { isDeepStrictEqual } from "node:util"
import { z } from "zod"
import { type GatewayReading, readRows, settingOf, toRows } from "../../adapters/gateway-words.ts"
import { lockSettings, writeSettings } from "../../adapters/postgres/settings.ts"
import { forgetSettings } from "../../adapters/redis/setting-cache.ts"
import { reason } from "../../domain/fields.ts"
import {
  GATEWAY_FIELDS,
  type GatewayConfig,
  type GatewayField,
  type GatewayPatch,
  gatewayConfig,
  gatewayUpdate,
} from "../../domain/gateway.ts"
import { labelOf } from "../../domain/schema.ts"
import { type AuditedChange, change, type PlannedStep, refuseUnseen } from "../change.ts"
import { defineChange, type OperationContext } from "../operation.ts"
import { previewOfGateway, previewOfGatewayRepair } from "./gateway-preview.ts"
import {
  COPY_STEP,
  gatewayRows,
  isRepairable,
  readableFields,
  readGatewayState,
  repairableFields,
  writeCopyOfRows,
} from "./gateway-state.ts"

/** Contract, section 2: `gateway set`. */
export const setGateway = defineChange({
  words: ["gateway", "set"],
  summary: "change the gateway's settings",
  input: gatewayUpdate,
  answer: gatewayConfig,
  async preview(context, { reason: _reason, ...patch }) {
    const database = readRows(await context.postgres.run(gatewayRows, context.signal))
    return previewOfGateway(context, database, pick(patch, changedBy(patch, database)))
  },
  run: (context, { reason, ...patch }) =>
    change(context, async tx => {
      await lockSettings(tx)
      const database = readRows(await gatewayRows(tx))
      refuseUnseen(context, database.config, patch)
      const written = pick(patch, changedBy(patch, database))
      await writeSettings(tx, toRows(written))
      const before = { ...database.config, ...Object.fromEntries(database.unreadable) }
      const fields = Object.keys(written) as GatewayField[]
      const saved = auditedOf(pick(before, fields), written, {}, [
        ...fields.map(field => ({ what: labelOf(gatewayUpdate, field) })),
        ...dueToRedis(context),
      ])
      return { answer: { ...database.config, ...written }, reason, audited: fields.length === 0 ? [] : [saved] }
    }),
})

export const commands = [setGateway]

/** Writes the database's values to the gateway's copy, whatever made them differ. No command of its own. */
export const repairGateway = defineChange({
  words: ["gateway", "repair"],
  summary: "write the settings in the database to the gateway's copy",
  input: z.object({ reason }),
  answer: z.null(),
  preview: async context => previewOfGatewayRepair(await readGatewayState(context)),
  async run(context, { reason }) {
    const state = await readGatewayState(context)
    const { database, copy } = state
    const fields = repairableFields(state)
    const before = copy === undefined || copy === "broken" ? {} : pick(readableFields(copy), fields)
    const saved = auditedOf(
      before,
      pick(database.config, fields),
      { repaired: "the gateway's copy" },
      dueToRedis(context),
    )
    const audited = isRepairable(state) ? [saved] : []
    return change(context, async () => ({ answer: null, reason, audited }))
  },
})

/** Returns the fields of `patch` that would change; always including those whose row cannot be read. */
const changedBy = (patch: GatewayPatch, { config, unreadable }: GatewayReading): GatewayField[] =>
  GATEWAY_FIELDS.filter(
    field => patch[field] !== undefined && (unreadable.has(field) || !isDeepStrictEqual(patch[field], config[field])),
  )

const pick = (all: Readonly<Partial<Record<GatewayField, unknown>>>, fields: readonly GatewayField[]) =>
  Object.fromEntries(fields.flatMap(field => (field in all ? [[field, all[field]]] : []))) as Partial<GatewayConfig>

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

/** Writes to Redis owed by a change of the gateway's settings (contract, section 5). */
const dueToRedis = (context: OperationContext): PlannedStep[] => [
  { what: COPY_STEP, redis: () => writeCopyOfRows(context) },
  { what: "API's cache (Redis)", redis: ({ api }) => forgetSettings(api, GATEWAY_FIELDS.map(settingOf)) },
]
