import type { SqlDialect } from "../../domain/sql-dialect.ts"
import { parseStreamId } from "../../domain/stream-entry.ts"
import type { TimeWindow } from "../../domain/time-window.ts"
import type { HistoryRow, Place } from "./history-row.ts"
import type { HistoryFile } from "./parquet/manifest.ts"

/** Where reading begins, and in which direction: at a place, exclusive unless it says otherwise, or at a moment (ms since the epoch). */
export type From = (
  | { readonly before: Place | undefined }
  | { readonly after: Place; readonly inclusive?: boolean }
  | { readonly beforeMs: number }
  | { readonly fromMs: number }
) & {
  /** Name of the file that was read last, to its end: where it is still there, reading begins behind it. */
  readonly file?: string | undefined
}

export interface Pages {
  readonly from: From
  /** The lowest and the highest id wanted, in whatever epoch. */
  readonly downTo?: string | undefined
  readonly upTo?: string | undefined
  /** A condition on the history's columns, for entries; what lies between them meets any. */
  readonly where?: string
  /** Without what lies between entries. */
  readonly entriesOnly?: true
  readonly limit: number
}

/** What one file had, in the order of reading. */
export interface Step {
  readonly file: string
  readonly rows: readonly HistoryRow[]
  /** Nothing more of the file is wanted; otherwise the limit was reached. */
  readonly isWhole: boolean
  /** When the last row of the file counts, in the direction of reading; in ms since the epoch. */
  readonly reached: number
  /** The file could not be read. */
  readonly isUnreadable?: true
}

/** Returns the SQL condition of a request, and its direction. */
export function pageConditions({ from, where = "1 = 1", entriesOnly, downTo, upTo }: Pages, sql: SqlDialect) {
  const conditions = [
    entriesOnly ? `event is null and (${where})` : `(event is not null or (${where}))`,
    ...fromSql(from, sql),
    ...(downTo === undefined ? [] : [comparedSql(">=", downTo, sql)]),
    ...(upTo === undefined ? [] : [comparedSql("<=", upTo, sql)]),
  ].join(" and ")
  return { conditions, isBack: isBack(from) }
}

export const isBack = (from: From): boolean => "before" in from || "beforeMs" in from

/** Returns the files that can hold what is asked for, in the order of reading. */
export function filesFrom<File extends Pick<HistoryFile, "name" | "fromMs" | "toMs">>(
  files: readonly File[],
  { from, downTo }: Pick<Pages, "from" | "downTo">,
): File[] {
  const ordered = isBack(from) ? files.toReversed() : files
  const at = (name: string | undefined) => ordered.findIndex(file => file.name === name)
  const place = "before" in from ? from.before : "after" in from ? from.after : undefined
  const left = ordered.slice(Math.max(at(from.file) + 1, at(place?.file), 0))
  // No entry counts before the time of its id.
  const lowest = Math.max("fromMs" in from ? from.fromMs : 0, downTo === undefined ? 0 : parseStreamId(downTo)[0])
  const highest = "beforeMs" in from ? from.beforeMs : Number.POSITIVE_INFINITY
  return left.filter(({ fromMs, toMs }) => toMs >= lowest && fromMs < highest)
}

/** Whether a file can hold anything of a span. */
export const canHold = ({ fromMs, toMs }: Pick<HistoryFile, "fromMs" | "toMs">, span: TimeWindow): boolean =>
  toMs >= span.fromMs && fromMs < span.untilMs

/** The order of a history's rows: an event stands behind the entry whose id it has. */
export const pageOrder = (isBack: boolean): string =>
  `order by ${["epoch", "ms", "seq", "event is not null"].map(key => `${key} ${isBack ? "desc" : "asc"}`).join(", ")}`

/** When a row counts: a gap when it began, a reset when it was seen. */
const AT = "(case when event = 'reset' then late_ms else cast(ms as bigint) + late_ms end)"

function fromSql(from: From, sql: SqlDialect): string[] {
  if ("beforeMs" in from) return [`${AT} < ${Math.ceil(from.beforeMs)}`]
  if ("fromMs" in from) return [`${AT} >= ${Math.ceil(from.fromMs)}`]
  if ("before" in from) return from.before === undefined ? [] : beyond("<", from.before, sql)
  return beyond(from.inclusive ? ">=" : ">", from.after, sql)
}

function beyond(operator: "<" | ">" | ">=", { epoch, id, isEvent }: Place, sql: SqlDialect): string[] {
  const [way] = operator
  const same = `${isAt(id, sql)} and (case when event is null then 0 else 1 end) ${operator} ${isEvent ? 1 : 0}`
  // The first is said apart, since files tell what they hold of one column.
  return [`epoch ${way}= ${epoch}`, `(epoch ${way} ${epoch} or ${comparedSql(way as "<" | ">", id, sql)} or (${same}))`]
}

/** Compares the id of a row; exact over both halves of it. */
export function comparedSql(operator: "<" | ">" | "<=" | ">=", id: string, sql: SqlDialect): string {
  const [ms, seq] = halves(id, sql)
  return `(ms ${operator[0]} ${ms} or (ms = ${ms} and seq ${operator} ${seq}))`
}

/** The condition that holds for the rows of an id. */
export function isAt(id: string, sql: SqlDialect): string {
  const [ms, seq] = halves(id, sql)
  return `(ms = ${ms} and seq = ${seq})`
}

const halves = (id: string, sql: SqlDialect): readonly string[] => {
  const [ms = "0", seq = "0"] = id.split("-")
  return [sql.unsigned(ms), sql.unsigned(seq)]
}
