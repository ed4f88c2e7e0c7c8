import { sql } from "kysely"
import { z } from "zod"
import { before, markOf, missingSince, since } from "../../adapters/postgres/growth.ts"
import { addUp, count, DAYS, mark, newer, PARTS } from "../../domain/dashboard.ts"
import { defineOperation } from "../operation.ts"
import { COUNT_TIMEOUT_MS } from "./dashboard.ts"
import { daysOf, SOURCES, TODAY, totalsOf } from "./dashboard-sources.ts"

const part = z.enum(PARTS)

/** Counts one table up to now, except for the rows that `readNewer` reads. Slow for a large table. */
export const countPart = defineOperation({
  words: ["dashboard", "count"],
  mayLag: true,
  summary: "the sums of one table, and of its last days",
  input: z.object({ part }),
  answer: count,
  run: ({ postgres, signal }, { part }) => {
    const source = SOURCES[part]
    const { table, time, changesSince } = source
    return postgres.run(
      async db => {
        const mark = await markOf(db, table, time, changesSince)
        const counted = before(mark, time)
        const lastDays = sql<boolean>`${counted} and ${sql.ref(time)} >= ${TODAY} - ${DAYS - 1} * interval '1 day'`
        return { mark, totals: await totalsOf(db, source, counted), days: await daysOf(db, source, lastDays) }
      },
      signal,
      COUNT_TIMEOUT_MS,
    )
  },
})

/** Reads the rows added to one table since it was counted: quick, whatever the size of the table. */
export const readNewer = defineOperation({
  words: ["dashboard", "newer"],
  mayLag: true,
  summary: "the sums of the rows added to one table",
  input: z.object({ part, mark }),
  answer: newer,
  run: ({ postgres, signal }, { part, mark }) => {
    const source = SOURCES[part]
    return postgres.run(async db => {
      const days = await daysOf(db, source, since(mark, source.time))
      return { days, missing: await missingSince(db, source.table, mark, addUp(days).count) }
    }, signal)
  },
})
