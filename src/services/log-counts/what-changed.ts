import { and, parseFilter } from "../../domain/access-log-filter.ts"
import { filterOf } from "../../domain/access-log-query.ts"
import { changesSql, differencesIn, outcomesSql, windowsOf } from "../../domain/log-counts/compare.ts"
import { explained } from "../../domain/log-counts/explained.ts"
import {
  COMPARED,
  gravest,
  outcomesOf,
  told,
  type WhatChanged,
  whatChangedAnswer,
  whatChangedQuery,
} from "../../domain/log-counts/what-changed.ts"
import { windowText } from "../../domain/time-window.ts"
import { wholeLog } from "../history/sources.ts"
import { defineOperation } from "../operation.ts"
import { askedFor, countedWithin } from "./counted-log.ts"
import { missingIn } from "./log-counts.ts"
import { secondsOfBoth } from "./seconds-of-both.ts"

/** As many values as a screen scrolls through. */
const MOST = 100

/** What the console compares: as `log compare`, of errors, refusals or all requests, with the sums of both windows. */
export const whatChanged = defineOperation({
  words: ["log", "changes"],
  summary: "what changed between two windows of the log, of errors where these changed",
  input: whatChangedQuery,
  answer: whatChangedAnswer,
  async run(context, { window, with: other, of, ...query }): Promise<WhatChanged> {
    const windows = windowsOf({ window, with: other }, Date.now())
    const { after, before } = windows
    const sources = wholeLog(context)
    const among = await askedFor(sources, filterOf(query))
    return countedWithin(sources, [after, before], async log => {
      const seconds = secondsOfBoth(windows, log)
      const [counted] = await log.ask(outcomesSql(windows, among))
      const outcomes = outcomesOf(counted ?? {})
      const compared = of ?? gravest(outcomes.before, outcomes.after)
      const asked = { ...among, filter: and(among.filter, parseFilter(COMPARED[compared] ?? "")) }
      const differences = { ...differencesIn(await log.ask(changesSql(windows, seconds, asked, among))), seconds }
      const found = explained(differences)
      return {
        ...found,
        window: windowText(after),
        with: windowText(before),
        of: compared,
        before: { ...outcomes.before, seconds: seconds.before },
        after: { ...outcomes.after, seconds: seconds.after },
        missing: [...missingIn(log, before), ...missingIn(log, after)],
        data: told(compared, found, differences).slice(0, MOST),
      }
    })
  },
})
