import { GATEWAY_CONFIG, settingCacheKey } from "../../src/adapters/redis/keys.ts"
import type { TestOperations } from "./operators.ts"
import { asSuperuser, type TestDatabase } from "./postgres.ts"

/** The platform's settings where they are kept, read and written past the code under test. */
export function settingsOn(database: TestDatabase, operations: TestOperations) {
  const sql = (query: string) => asSuperuser(query, database.url)
  return {
    /** Every row whose key begins with `prefix`. */
    async rows(prefix: string): Promise<Record<string, string>> {
      const rows = await sql(`select key, value from platform_settings where key like '${prefix}%' order by key`)
      return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
    },

    /** Makes the rows that begin with `prefix` these alone. */
    async setRows(prefix: string, rows: Record<string, string>): Promise<void> {
      await sql(`delete from platform_settings where key like '${prefix}%'`)
      for (const [key, value] of Object.entries(rows)) {
        await sql(`insert into platform_settings (key, value) values ('${prefix}${key}', '${value}')`)
      }
    },

    /** What opsdeck wrote about its changes, the newest last. */
    audit: (action: string) =>
      sql(
        `select target_type, target_id, trace_id, metadata_json, before_state_json, after_state_json
         from audit_logs where action = '${action}' order by ts`,
      ),

    forgetAudit: (action: string) => sql(`delete from audit_logs where action = '${action}'`),

    /** The gateway's copy, parsed; null when there is none. */
    copy: async () => JSON.parse((await operations.gateway.get(GATEWAY_CONFIG)) ?? "null"),

    /** The gateway's copy as this text, or none. */
    setCopy: async (text: string | undefined): Promise<void> => {
      await operations.gateway.del(GATEWAY_CONFIG)
      if (text !== undefined) await operations.gateway.set(GATEWAY_CONFIG, text)
    },

    /** What the API's cache holds of a setting. */
    cached: (setting: string) => operations.api.get(settingCacheKey(setting)),

    setCached: (setting: string, text: string) => operations.api.set(settingCacheKey(setting), text),
  }
}
