import { z } from "zod"
import { id } from "../../domain/fields.ts"
import { termOf } from "../../domain/filter-language.ts"
import { barsIn, countedBar } from "../../domain/log-counts/histogram.ts"
import { isRecorded, wholeLog } from "../history/sources.ts"
import { defineOperation } from "../operation.ts"
import { countedBars } from "./counted-bars.ts"
import { askedFor, countedWithin } from "./counted-log.ts"

const DAY_MS = 86_400_000
const DAYS = 7

/**
 * A user's requests of each of the last days, in UTC, today first, as far as any of a day is held; null where no history is recorded on this
 * host. No command of its own: `log histogram user:ID --step 1d` says it.
 */
export const userRequests = defineOperation({
  words: ["users", "requests"],
  summary: "a user's requests of the last days",
  input: z.object({ id }),
  answer: z.object({ days: z.array(countedBar).nullable() }),
  async run(context, { id }) {
    const sources = wholeLog(context)
    if (!(await isRecorded(sources))) return { days: null }
    const now = Date.now()
    const bars = barsIn({ fromMs: now - (DAYS - 1) * DAY_MS, untilMs: now }, "1d")
    const asked = await askedFor(sources, [termOf("user", id)])
    return countedWithin(sources, [bars], async ({ ask, held }) => {
      const days = await countedBars({ ask }, bars, asked)
      const isHeld = ({ from }: { from: string }) => {
        const fromMs = Date.parse(from)
        return held({ fromMs, untilMs: Math.min(fromMs + DAY_MS, now) }) > 0
      }
      return { days: days.filter(isHeld).toReversed() }
    })
  },
})
