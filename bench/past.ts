import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openHistory } from "../src/adapters/history/engines.ts"
import { rfc3339 } from "../src/domain/access-log.ts"
import { readLog } from "../src/services/access-log.ts"
import { checkedInput } from "../src/services/deck.ts"
import { logHistogram, logTop } from "../src/services/log-counts/log-counts.ts"
import type { HistoryContext, Operation } from "../src/services/operation.ts"
import { median, timed } from "./measures.ts"
import { pastConsole } from "./past-console.ts"
import { HOURS, writeGzippedDay, writePast } from "./past-history.ts"
import type { BenchRow } from "./report.ts"

/** 20 000 000 entries in 7 days. */
const PER_HOUR = Math.ceil(20_000_000 / HOURS)
const DAY_MS = 86_400_000
const ROUNDS = 5

/**
 * Questions to 7 days of history in hourly files, whose pages the machine has in its memory, beside `zgrep -c` over the same as
 * gzipped lines of JSON: over one day, and for the week seven times that.
 */
export async function pastBench(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), "opsdeck-bench-"))
  const history = openHistory({ directory })
  try {
    const endMs = Date.now()
    await writePast(directory, PER_HOUR, endMs)
    const gzipped = join(directory, "day.ndjson.gz")
    await writeGzippedDay(gzipped, PER_HOUR, endMs)
    const untilMs = Math.floor(endMs / 3_600_000) * 3_600_000
    const day = { since: rfc3339(untilMs - DAY_MS), until: rfc3339(untilMs) }
    const answered = (operation: Operation, input: object) => () => fromHistory(operation, input, history)
    const grep = await medianOf(async () => void countBy(gzipped))
    const histogram = await medianOf(answered(logHistogram as Operation, { ...day, step: "5m" }))
    const top = await medianOf(answered(logTop as Operation, { ...day, by: "ip", sort: "failed", limit: 20 }))
    const week = { since: rfc3339(untilMs - 7 * DAY_MS), filter: "agent:nobody-has-this" }
    const nothing = await medianOf(answered(readLog as unknown as Operation, week))
    const faster = (name: string, ms: number, reference: number, atLeast: number): BenchRow => ({
      ...{ name, value: ms, unit: "ms", reference, ratio: reference / ms, target: { atLeast } },
    })
    return [
      faster("a day's histogram of 288 bars with p50 and p95", histogram, grep, 50),
      faster("top 20 addresses of a day by errors, with p95 and change", top, grep, 20),
      faster("a page that matches nothing in 7 days", nothing, 7 * grep, 20),
      { name: "the same", value: nothing / 1_000, unit: "s", target: { atMost: 3 } },
      ...(await pastConsole(directory, untilMs)),
    ]
  } finally {
    history.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function fromHistory(operation: Operation, input: object, history: HistoryContext["history"]): Promise<void> {
  const { signal } = new AbortController()
  await operation.ofHistory?.run({ history, gateways: [{ name: "" }], signal }, checkedInput(operation.input, input))
}

/** Counts the errors among the lines. */
const countBy = (file: string) => execFileSync("zgrep", ["-c", '"status":"5', file])

async function medianOf(work: () => Promise<void>): Promise<number> {
  await work()
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) times.push(await timed(work))
  return median(times)
}
