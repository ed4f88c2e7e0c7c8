import { rfc3339 } from "../../domain/access-log.ts"
import { filterOf } from "../../domain/access-log-query.ts"
import { changesSql, compareAnswer, compareQuery, differencesIn, windowsOf } from "../../domain/log-counts/compare.ts"
import { countedDimension } from "../../domain/log-counts/counted-dimensions.ts"
import { explained } from "../../domain/log-counts/explained.ts"
import { barsIn, histogramAnswer, histogramQuery } from "../../domain/log-counts/histogram.ts"
import { missingWithin, toMissingPart } from "../../domain/log-counts/missing.ts"
import { windowBetween } from "../../domain/log-counts/since-until.ts"
import { topAnswer, topQuery, windowBefore } from "../../domain/log-counts/top.ts"
import { secondsOf, type TimeWindow, windowText } from "../../domain/time-window.ts"
import { defineCount } from "./count-operation.ts"
import { countedBars } from "./counted-bars.ts"
import { askedFor, type CountedLog, countedWithin } from "./counted-log.ts"
import { secondsOfBoth } from "./seconds-of-both.ts"
import { topValues } from "./top-values.ts"

/** Contract, section 10: `log histogram`. */
export const logHistogram = defineCount({
  words: ["log", "histogram"],
  summary: "requests, refusals, errors and durations over time, from the stream and its history",
  input: histogramQuery,
  answer: histogramAnswer,
  remark: (_, { since, until, step_s }) => `from ${since} to ${until}, ${step_s} s a bar`,
  async count(sources, { since, until, step, ...query }) {
    const bars = barsIn(windowBetween(since, until, Date.now()), step)
    const asked = await askedFor(sources, filterOf(query))
    return countedWithin(sources, [bars], async log => ({
      since: rfc3339(bars.fromMs),
      until: rfc3339(bars.untilMs),
      step_s: bars.stepMs / 1000,
      missing: missingIn(log, bars),
      data: await countedBars(log, bars, asked),
    }))
  },
})

/** Contract, section 2: `log top`. */
export const logTop = defineCount({
  words: ["log", "top"],
  summary: "who or what sent most requests, or had most refusals or errors, in any window",
  input: topQuery,
  answer: topAnswer,
  remark: (_, { since, until }) => `from ${since} to ${until}`,
  async count(sources, { since, until, by, sort, limit, ...query }) {
    const window = windowBetween(since, until, Date.now())
    const before = windowBefore(window)
    const asked = await askedFor(sources, filterOf(query))
    return countedWithin(sources, [window, before], async log => {
      const seen = log.held(window)
      const dimension = countedDimension(by)
      const seenOf = (gateway: string) => ({ seen: log.held(window, gateway), seenBefore: log.held(before, gateway) })
      const top = { ...asked, window, seen, seenBefore: log.held(before), seenOf, by: dimension, sort, limit }
      return {
        since: rfc3339(window.fromMs),
        until: rfc3339(window.untilMs),
        window_s: secondsOf(window),
        seen,
        missing: missingIn(log, window),
        data: (await topValues(log, top)).movers,
      }
    })
  },
})

/** Contract, section 10: `log compare`. */
export const logCompare = defineCount({
  words: ["log", "compare"],
  summary: "what changed between two windows: the values that explain most of the difference",
  input: compareQuery,
  answer: compareAnswer,
  remark: (_, { window, with: other, before_per_s, after_per_s, by_chance }) =>
    `${before_per_s}/s in ${other}, ${after_per_s}/s in ${window}${by_chance ? ": chance alone could do it" : ""}`,
  async count(sources, { window, with: other, limit, ...query }) {
    const windows = windowsOf({ window, with: other }, Date.now())
    const { after, before } = windows
    const asked = await askedFor(sources, filterOf(query))
    return countedWithin(sources, [after, before], async log => {
      const seconds = secondsOfBoth(windows, log)
      const differences = differencesIn(await log.ask(changesSql(windows, seconds, asked)))
      const { data, ...rates } = explained({ ...differences, seconds })
      return {
        window: windowText(after),
        with: windowText(before),
        ...rates,
        missing: [...missingIn(log, before), ...missingIn(log, after)],
        data: data.slice(0, limit),
      }
    })
  },
})

export const commands = [logHistogram, logTop, logCompare]

export const missingIn = ({ missing }: CountedLog, window: TimeWindow) =>
  missingWithin(window, missing).map(toMissingPart)
