import type { TimelineRow } from "./run-timeline.ts"
import { spanOf } from "./span.ts"

/** What the time of a run was spent on, in ms, and what it cost. */
export interface RunTime {
  readonly turns: number
  readonly model: number
  /** Calls of tools, by name, the longest together first; without those that wait for the user. */
  readonly tools: readonly (readonly [name: string, ms: number])[]
  readonly waiting: number
  /** The row that took longest, where there are two to compare. */
  readonly slowest: TimelineRow | undefined
}

/** Sums up where the time went; what still goes on lasts until `now`, in ms since the epoch. */
export function runTime(rows: readonly TimelineRow[], now: number): RunTime {
  const lasted = (row: TimelineRow) => Math.max(0, (row.end ?? now) - row.begin)
  const of = (kind: TimelineRow["kind"]) => rows.filter(row => row.kind === kind)
  const sum = (some: readonly TimelineRow[]) => some.reduce((all, row) => all + lasted(row), 0)
  const waits = of("wait")
  // The tool that asks the user lasts as long as the question: its time is that of waiting.
  const asks = ({ call }: TimelineRow) => call !== null && waits.some(wait => wait.call === call)
  const tools = Map.groupBy(
    of("tool").filter(tool => !asks(tool)),
    ({ name }) => name,
  )
  const worked = [...of("turn"), ...of("tool")]
  const slowest = worked.reduce<TimelineRow | undefined>(
    (longest, row) => (longest === undefined || lasted(row) > lasted(longest) ? row : longest),
    undefined,
  )
  return {
    turns: of("turn").length,
    model: sum(of("turn")),
    tools: [...tools].map(([name, calls]) => [name, sum(calls)] as const).sort((a, b) => b[1] - a[1]),
    waiting: sum(waits),
    slowest: worked.length > 1 ? slowest : undefined,
  }
}

/** Tools that are named. */
const NAMED = 3

/** One line: `41 s model in 6 turns, 18 s tools: web_search 12 s, 5 s waiting`. The names of tools are as they came. */
export function runTimeText({ turns, model, tools, waiting }: RunTime): string {
  const all = tools.reduce((sum, [, ms]) => sum + ms, 0)
  const named = tools.slice(0, NAMED).map(([name, ms]) => `${name || "unnamed"} ${span(ms)}`)
  return [
    turns > 0 ? `${span(model)} model in ${turns} ${turns === 1 ? "turn" : "turns"}` : "",
    tools.length > 0 ? `${span(all)} tools: ${named.join(" and ")}` : "",
    waiting > 0 ? `${span(waiting)} waiting` : "",
  ]
    .filter(Boolean)
    .join(", ")
}

const span = (ms: number) => (ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : spanOf(ms))
