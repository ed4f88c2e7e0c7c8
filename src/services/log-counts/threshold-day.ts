import { z } from "zod"
import { rfc3339 } from "../../domain/access-log.ts"
import { threshold } from "../../domain/gateway.ts"
import { countOf } from "../../domain/log-counts/requests.ts"
import { addressesSql, byRiskOf, byRiskSql, usersSql } from "../../domain/log-counts/threshold-sql.ts"
import { thresholdDay } from "../../domain/threshold-count.ts"
import { percentOf } from "../../domain/threshold-ladder.ts"
import { secondsOf } from "../../domain/time-window.ts"
import { hitsOf, NAMED } from "../gateway/threshold.ts"
import { isRecorded, wholeLog } from "../history/sources.ts"
import { defineOperation } from "../operation.ts"
import { countedWithin } from "./counted-log.ts"

const DAY_MS = 86_400_000

/**
 * Counts the requests of the last 24 hours that a risk threshold would have rejected, from history and stream; null where no history is
 * recorded on this host. No command of its own.
 */
export const simulateDay = defineOperation({
  words: ["gateway", "simulate", "day"],
  summary: "requests of the last day that a risk threshold would have rejected",
  input: z.object({ threshold }),
  answer: z.object({ day: thresholdDay.nullable() }),
  async run(context, { threshold }) {
    const sources = wholeLog(context)
    if (!(await isRecorded(sources))) return { day: null }
    const untilMs = Date.now()
    const window = { fromMs: untilMs - DAY_MS, untilMs }
    const percent = percentOf(threshold)
    const { held_s, lacking, ...counted } = await countedWithin(sources, [window], async ({ ask, held }) => {
      const [row] = await ask(addressesSql(window, percent))
      const users = await ask(usersSql(window, percent, NAMED))
      return {
        ...byRiskOf(await ask(byRiskSql(window))),
        held_s: held(window),
        lacking: sources.logs
          .map(({ name }) => ({ gateway: name, held_s: held(window, name) }))
          .filter(one => one.gateway !== "" && one.held_s < secondsOf(window)),
        addresses: countOf(row?.addresses),
        users: users.map(({ user_id, requests }) => [String(user_id), countOf(requests)] as const),
      }
    })
    const { requests } = counted
    const hits = await hitsOf(threshold, counted, context)
    const day = { held_s, requests, seen: requests, since: rfc3339(window.fromMs), ...hits }
    return { day: lacking.length === 0 ? day : { ...day, lacking } }
  },
})
