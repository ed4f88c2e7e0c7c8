import { settingOf } from "../adapters/gateway-words.ts"
import { readSettings } from "../adapters/postgres/settings.ts"
import { forgetSettings, staleSettings } from "../adapters/redis/setting-cache.ts"
import { EMAIL_FIELDS } from "../domain/email.ts"
import { GATEWAY_FIELDS } from "../domain/gateway.ts"
import { changedFields } from "./audit.ts"
import type { Debt, Due } from "./debt.ts"
import { SETTING_OF } from "./email/email-settings.ts"

/** The API's cache of settings, where it holds another value than the row. Asked for by the settings' whole keys. */
export const settingCaches: Debt<readonly string[]> = {
  async changed(db) {
    const gateway = await changedFields(db, "gateway.config_update")
    const email = await changedFields(db, "email.config_update")
    return [
      ...EMAIL_FIELDS.filter(field => email.has(field)).map(field => SETTING_OF[field].key),
      ...GATEWAY_FIELDS.filter(field => gateway.has(field)).map(settingOf),
    ].sort()
  },
  async due(_, db, settings) {
    if (settings.length === 0) return []
    const rows = await readSettings(db, "")
    const due: Due = {
      what: "API's cache (Redis)",
      redis: ({ api }) => forgetSettings(api, settings),
      missing: async ({ api }, signal) =>
        (await staleSettings(api, settings, rows, signal)).map(setting => ({
          what: `API's cache of ${setting} (Redis)`,
          redis: ({ api }) => forgetSettings(api, [setting]),
        })),
    }
    return [due]
  },
}
