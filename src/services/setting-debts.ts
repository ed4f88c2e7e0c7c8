import { isDeepStrictEqual } from "node:util"
import { type Kysely, sql } from "kysely"
import { GATEWAY_SETTINGS, settingOf } from "../adapters/gateway-words.ts"
import { readSettings } from "../adapters/postgres/settings.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { forgetSettings, staleSettings } from "../adapters/redis/setting-cache.ts"
import { GATEWAY_FIELDS, type GatewayField } from "../domain/gateway.ts"
import { ownAudit } from "./audit.ts"
import type { PlannedStep } from "./change.ts"
import { asFarAsKnown, type Debt } from "./debt.ts"
import {
  type GatewayState,
  isDropped,
  readGatewayState,
  readingOf,
  repairableFields,
  sourceOf,
} from "./gateway/gateway-state.ts"
import { COPY_STEP, writeCopyOfRows } from "./gateway/write-copy.ts"
import type { Stores } from "./operation.ts"

/** What the settings that opsdeck changed still owe to Redis. */
export const changedSettings: Debt = async context => {
  const changed = await context.postgres.run(changedKeys, context.signal)
  return [...(await gatewayCopy(context, changed)), ...(await settingCaches(context, changed))]
}

/** The gateway's copy, where it says something else than the rows about `changed`, or holds what was taken away. */
async function gatewayCopy(context: Stores, changed: readonly string[]): Promise<PlannedStep[]> {
  if (!changed.some(setting => setting.startsWith(GATEWAY_SETTINGS))) return []
  const what = COPY_STEP
  return asFarAsKnown(what, async () => {
    const state = await readGatewayState(context)
    const isStale = repairableFields(state).some(field => changed.includes(settingOf(field)))
    const inherit = await leftInCopy(context, state)
    const isOwed = isDropped(state.copy) || isStale || inherit.length > 0
    return isOwed ? [{ what, redis: () => writeCopyOfRows(context, { inherit }) }] : []
  })
}

/**
 * The fields that an operator had follow the gateway's environment, and that the copy still holds with the value of then:
 * any other value was written by somebody since.
 */
async function leftInCopy({ postgres, signal }: Stores, state: GatewayState): Promise<GatewayField[]> {
  const candidates = GATEWAY_FIELDS.filter(field => sourceOf(state, field) === "copy")
  if (candidates.length === 0) return []
  const rows = await postgres.run(
    db =>
      ownAudit(db)
        .select(["after_state_json", "metadata_json"])
        .where("action", "=", "gateway.config_update")
        .orderBy("ts", "desc")
        .execute(),
    signal,
  )
  const held = readingOf(state.copy).values
  return candidates.filter(field => {
    const last = rows.find(row => isRecord(row.after_state_json) && field in row.after_state_json)
    if (!last || !isRecord(last.after_state_json) || last.after_state_json[field] !== null) return false
    const inherited = isRecord(last.metadata_json) ? last.metadata_json.inherited : undefined
    return isDeepStrictEqual(isRecord(inherited) ? inherited[field] : undefined, held[field])
  })
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** The API's cache of `changed`, where it holds another value than the row. */
async function settingCaches({ postgres, redis, signal }: Stores, changed: readonly string[]): Promise<PlannedStep[]> {
  if (changed.length === 0) return []
  return asFarAsKnown("API's cache of settings (Redis)", async () => {
    const rows = await postgres.run(db => readSettings(db, ""), signal)
    const stale = await staleSettings(redis.api, changed, rows, signal)
    return stale.map(setting => ({
      what: `API's cache of ${setting} (Redis)`,
      redis: ({ api }) => forgetSettings(api, [setting]),
    }))
  })
}

/** Whose fields begin how in `platform_settings`, by the action of the audit row that names them. */
const PREFIXES: Readonly<Record<string, string>> = {
  "gateway.config_update": GATEWAY_SETTINGS,
  "email.config_update": "email.",
}

/** The whole keys of the settings that opsdeck changed in the last 30 days, by its own audit rows. */
async function changedKeys(db: Kysely<Tables>): Promise<string[]> {
  const rows = await ownAudit(db)
    .select("action")
    .select(sql<string>`jsonb_object_keys(${sql.ref("after_state_json")})`.as("field"))
    .distinct()
    .where("action", "in", Object.keys(PREFIXES))
    .where(sql`jsonb_typeof(${sql.ref("after_state_json")})`, "=", "object")
    .execute()
  return rows.map(({ action, field }) => `${PREFIXES[action]}${field}`).sort()
}
