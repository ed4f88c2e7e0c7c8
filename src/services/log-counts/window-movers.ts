import { filterOf } from "../../domain/access-log-query.ts"
import { countedDimension } from "../../domain/log-counts/counted-dimensions.ts"
import { countOf } from "../../domain/log-counts/requests.ts"
import { windowBetween } from "../../domain/log-counts/since-until.ts"
import { windowBefore } from "../../domain/log-counts/top.ts"
import { type WindowMovers, windowMoversAnswer, windowMoversQuery } from "../../domain/log-counts/window-movers.ts"
import { DIMENSION_KEYS } from "../../domain/movers/dimension-keys.ts"
import { wholeLog } from "../history/sources.ts"
import { defineOperation } from "../operation.ts"
import { askedFor, countedWithin } from "./counted-log.ts"
import { missingIn } from "./log-counts.ts"
import { topValues } from "./top-values.ts"

/** The movers' panel of any window: `log top` by every dimension, in one reading of the log. */
export const windowMovers = defineOperation({
  words: ["log", "movers"],
  summary: "who or what sent most requests in a window, by every dimension",
  input: windowMoversQuery,
  answer: windowMoversAnswer,
  async run(context, { since, until, sort, reversed, only, limit, ...query }): Promise<WindowMovers> {
    const window = windowBetween(since, until, Date.now())
    const before = windowBefore(window)
    const sources = wholeLog(context)
    const asked = await askedFor(sources, filterOf(query))
    return countedWithin(sources, [window, before], async log => {
      const [seen, seenBefore] = [log.held(window), log.held(before)]
      const dimensions: WindowMovers["dimensions"] = []
      for (const key of only === undefined ? DIMENSION_KEYS : [only]) {
        const top = {
          ...asked,
          window,
          seen,
          seenBefore,
          by: countedDimension(key),
          sort,
          reversed,
          limit,
          tellsHowMany: true,
        } as const
        const { ranked, movers } = await topValues(log, top)
        dimensions.push({ key, distinct: countOf(ranked[0]?.distinct_values), data: movers })
      }
      return { seen, missing: missingIn(log, window), dimensions }
    })
  },
})
