import { placeOf } from "../../config/history.ts"
import { ok, warning } from "../../domain/check.ts"
import { readRecordStatus } from "../history/record-status.ts"
import type { Check } from "./check.ts"

/** Whether the log is being recorded, where a history says that it was. */
export const recorderCheck: Check = {
  area: "platform",
  name: "recorder",
  async look({ config }) {
    if (config.history === undefined) return ok("no history")
    const { recording, since, lag_s, gaps, newest, trouble } = await readRecordStatus(config.history, Date.now())
    if (since === null && !recording) {
      const where = config.history.server === undefined ? "on this host" : `in ${placeOf(config.history)}`
      return ok(`no history ${where}: the log goes back as far as the stream`)
    }
    if (!recording) {
      return warning(
        `nothing has been recorded into ${placeOf(config.history)} since ${newest}`,
        "start it again: opsdeck record",
      )
    }
    if (trouble !== null) return warning(trouble)
    return ok(`since ${since ?? "just now"}, ${lag_s} s behind, ${gaps} ${gaps === 1 ? "gap" : "gaps"}`)
  },
}
