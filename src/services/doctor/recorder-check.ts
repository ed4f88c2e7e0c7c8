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
    const { directory } = config.history
    if (since === null && !recording) return ok("no history on this host: the log goes back as far as the stream")
    if (!recording) {
      return warning(`nothing has been recorded into ${directory} since ${newest}`, "start it again: opsdeck record")
    }
    if (trouble !== null) return warning(trouble)
    return ok(`since ${since ?? "just now"}, ${lag_s} s behind, ${gaps} ${gaps === 1 ? "gap" : "gaps"}`)
  },
}
