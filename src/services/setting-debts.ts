import { type Kysely, sql } from "kysely"
import { GATEWAY_SETTINGS, settingOf } from "../adapters/gateway-words.ts"
import { readSettings } from "../adapters/postgres/settings.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import { forgetSettings, staleSettings } from "../adapters/redis/setting-cache.ts"
import { ownAudit } from "./audit.ts"
import type { PlannedStep } from "./change.ts"
import { asFarAsKnown, type Debt } from "./debt.ts"
import { COPY_STEP, isDropped, readGatewayState, repairableFields, writeCopyOfRows } from "./gateway/gateway-state.ts"
import type { Stores } from "./operation.ts"

/** Writes to Redis owed by opsdeck's changes of settings. */
export const changedSettings: Debt = async context => {
  const changed = await context.postgres.run(changedKeys, context.signal)
  return [...(await gatewayCopy(context, changed)), ...(await settingCaches(context, changed))]
}

/** The gateway's copy, where it differs from the rows of `changed`. */
async function gatewayCopy(context: Stores, changed: readonly string[]): Promise<PlannedStep[]> {
  if (!changed.some(setting => setting.startsWith(GATEWAY_SETTINGS))) return []
  const what = COPY_STEP
  return asFarAsKnown(what, async () => {
    const state = await readGatewayState(context)
    const isStale = repairableFields(state).some(field => changed.includes(settingOf(field)))
    const isOwed = isDropped(state.copy) || isStale
    return isOwed ? [{ what, redis: () => writeCopyOfRows(context) }] : []
  })
}

/** The API's cache of `changed`, where it differs from the row. */
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

/** Prefix of the fields in `platform_settings`, by the action of the audit row that names them. */
const PREFIXES: Readonly<Record<string, string>> = {
  "gateway.config_update": GATEWAY_SETTINGS,
  "email.config_update": "email.",
}

/** Returns the full keys of the settings that opsdeck changed in the last 30 days, by its own audit rows. */
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
