import { placeOf } from "../../config/history.ts"
import { ok, warning } from "../../domain/check.ts"
import type { GatewayRecordState } from "../../domain/record-status.ts"
import { readRecordStatus } from "../history/record-status.ts"
import type { Check } from "./check.ts"

/** Whether the log is being recorded, where a history says that it was. */
export const recorderCheck: Check = {
  area: "platform",
  name: "recorder",
  async look({ config }) {
    if (config.history === undefined) return ok("no history")
    const status = await readRecordStatus(config.history, Date.now(), config.redis.gateways)
    const { recording, since, lag_s, gaps, newest, trouble, gateways } = status
    if (newest === null && !recording && !gateways?.some(one => one.recording)) {
      const where = config.history.server === undefined ? "on this host" : `in ${placeOf(config.history)}`
      return ok(`no history ${where}: the log goes back as far as the stream`)
    }
    if (!recording) {
      return warning(
        gateways === undefined
          ? `nothing has been recorded into ${placeOf(config.history)} since ${newest}`
          : `not being recorded into ${placeOf(config.history)}: ${unrecordedOf(gateways).join("; ")}`,
        "start it again: opsdeck record",
      )
    }
    if (trouble !== null) return warning(trouble)
    return ok(`since ${since ?? "just now"}, ${lag_s} s behind, ${gaps} ${gaps === 1 ? "gap" : "gaps"}`)
  },
}

/** Names those that nobody records, each with its last request. */
const unrecordedOf = (gateways: readonly GatewayRecordState[]): string[] =>
  gateways
    .filter(({ recording }) => !recording)
    .map(({ gateway, newest }) => (newest === null ? `${gateway}, never` : `${gateway}, since ${newest}`))
