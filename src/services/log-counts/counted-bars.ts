import { type Bars, barsOf, histogramSql } from "../../domain/log-counts/histogram.ts"
import type { Asked } from "../../domain/log-counts/requests.ts"
import type { CountedLog } from "./counted-log.ts"

/** Returns the bars of a histogram. */
export const countedBars = async ({ ask }: Pick<CountedLog, "ask">, bars: Bars, asked: Asked) =>
  barsOf(bars, await ask(histogramSql(bars, asked), { within: bars }))
