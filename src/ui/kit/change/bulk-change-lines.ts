import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { progressPieces } from "../../widgets/progress.ts"
import { hanging, wrap } from "../../widgets/wrap.ts"
import {
  type BulkInput,
  type BulkState,
  countEffects,
  type Fates,
  fatesOf,
  type RowForesight,
  type RowResult,
} from "./bulk-change-state.ts"

const LABEL_AT_MOST = 24

function labelOf({ label }: BulkInput): Shown {
  const name = show(label)
  return fit(name, Math.min(LABEL_AT_MOST, width(name)))
}

const listed = (rows: readonly BulkInput[]): Shown => rows.map(labelOf).reduce((all, label) => shown`${all}, ${label}`)

/** Returns the names in at most `lines` lines, and how many did not fit. */
function namesWithin(rows: readonly BulkInput[], columns: number, lines: number): [Shown[], left: number] {
  let told: Shown[] = []
  for (let count = 1; count <= rows.length; count++) {
    const left = rows.length - count
    const names = listed(rows.slice(0, count))
    const next = wrap(left === 0 ? names : shown`${names} and ${grouped(left)} more`, columns)
    if (count > 1 && next.length > lines) return [told, left + 1]
    told = next
  }
  return [told, 0]
}

/** Most lines of names above the effects. */
const NAME_LINES = 3
const INDENT = shown`  `

const sentence = (count: number, one: Shown, many: Shown): Shown => shown`${grouped(count)} ${count === 1 ? one : many}`

/** Draws the rows that change, those unchanged and refused, and the effects with their number of rows. */
export function bulkPreviewLines(rows: readonly RowForesight[], columns: number, few: boolean): Piece[][] {
  const { changing, unchanged, refused } = fatesOf(rows)
  const inner = columns - width(INDENT)
  const indented = (lines: readonly Shown[]) => lines.map(line => [piece(INDENT), piece(line)])
  const [names, left] = namesWithin(changing, inner, few ? 1 : NAME_LINES)
  const effects = countEffects(changing)
  const most = grouped(effects[0]?.[1] ?? 0)
  return [
    [piece(sentence(changing.length, shown`changes`, shown`change`), "strong")],
    ...indented(names),
    ...(unchanged.length === 0
      ? []
      : hanging(
          piece(shown`${sentence(unchanged.length, shown`is so already`, shown`are so already`)}: `, "look"),
          listed(unchanged),
          columns,
          "dim",
        )),
    ...(refused.length === 0
      ? []
      : [[piece(shown`${sentence(refused.length, shown`is refused`, shown`are refused`)}:`, "look")]]),
    ...refused.flatMap(row => hanging(piece(shown`  ✗ ${labelOf(row)}  `, "look"), show(row.refusal), columns, "dim")),
    ...(effects.length === 0 || few ? [] : [[], [piece(shown`What happens`, "strong")]]),
    ...effects.flatMap(([effect, number]) =>
      hanging(piece(shown`  ${fit(grouped(number), width(most), "right")} × `, "dim"), show(effect), columns),
    ),
    ...(left === 0
      ? []
      : [
          [],
          [piece(shown`The other ${grouped(left)} that change`, "strong")],
          ...indented(wrap(listed(changing.slice(-left)), inner)),
        ]),
  ]
}

/** Draws the result of each row, failures first. */
export function resultLines(state: BulkState, rows: readonly RowForesight[], columns: number): Piece[][] {
  const label = Math.max(...rows.map(row => width(labelOf(row))))
  const told = rows.map(row => ({ row, rank: rankOf(state.results.get(row.id), row) }))
  return told.toSorted((a, b) => a.rank - b.rank).flatMap(({ row }) => resultLine(state, row, label, columns))
}

const isUnchanged = (row: RowForesight) => "preview" in row && row.preview.unchanged === true

function rankOf(result: RowResult | undefined, row: RowForesight): number {
  if (result === undefined) return "refusal" in row ? 1 : isUnchanged(row) ? 5 : 3
  return "failure" in result ? 0 : result.steps.some(step => step.owed !== undefined) ? 2 : 4
}

function resultLine(state: BulkState, row: RowForesight, label: number, columns: number): Piece[][] {
  const result = state.results.get(row.id)
  const line = (mark: Shown, tone: Piece[1], text: Shown, textTone: Piece[1] = "plain") =>
    hanging(piece(shown`${mark} ${fit(labelOf(row), label)}  `, tone), text, columns, textTone)
  if (result === undefined) {
    if ("refusal" in row) return line(shown`✗`, "look", show(row.refusal), "dim")
    if (isUnchanged(row)) return line(shown`·`, "dim", shown`it was so already`, "dim")
    if (state.current === row.id) return line(shown`…`, "key", shown`under way`, "dim")
    return line(shown`·`, "dim", state.ended ? shown`not tried` : shown``, "dim")
  }
  if ("failure" in result) return line(shown`✗`, "act", show(result.failure))
  const owed = result.steps.flatMap(step => (step.owed === undefined ? [] : [`${step.what} (R retries): ${step.owed}`]))
  if (owed.length > 0) return line(shown`▲`, "act", show(owed.join(", ")))
  return line(shown`✓`, "good", result.steps.length === 0 ? shown`it was so already` : shown`done`, "dim")
}

/** Draws ` ████████░░░░  5 of 12  bob`, or the totals at the end. */
export function bulkProgress(state: BulkState, rows: readonly RowForesight[], columns: number): Piece[] {
  const fates = fatesOf(rows)
  const total = fates.changing.length
  const { results, current, stopping, ended } = state
  if (ended) return endPieces(state, fates)
  const name = rows.find(row => row.id === current)?.label ?? ""
  const text = stopping ? shown`${show(name)}, then it stops` : shown`${show(name)}   Esc stops after it`
  const bar = progressPieces(results.size, total, Math.min(30, Math.floor(columns / 3)))
  return [
    ...bar,
    piece(shown`  ${grouped(results.size)} of ${grouped(total)}  `),
    piece(text, stopping ? "look" : "plain"),
  ]
}

/** Draws `5 changed · 1 was so already · 2 refused`: together all marked rows. */
function endPieces({ results }: BulkState, { changing, unchanged, refused }: Fates): Piece[] {
  const all = [...results.values()]
  const changed = all.filter(result => "steps" in result && result.steps.length > 0).length
  const failed = all.filter(result => "failure" in result).length
  const already = unchanged.length + all.length - changed - failed
  const left = changing.length - all.length
  const told = [
    [already, already === 1 ? shown`was so already` : shown`were so already`, "plain"],
    [refused.length, shown`refused`, "look"],
    [failed, shown`failed`, "act"],
    [left, shown`not tried`, "look"],
  ] as const
  return [
    piece(shown`${grouped(changed)} changed`, changed === changing.length ? "good" : "strong"),
    ...told.flatMap(([count, what, tone]) => (count === 0 ? [] : [piece(shown` · ${grouped(count)} ${what}`, tone)])),
  ]
}
