import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { progressPieces } from "../../widgets/progress.ts"
import { hanging } from "../../widgets/wrap.ts"
import { type BulkInput, type BulkState, countEffects, type RowForesight, type RowResult } from "./bulk-state.ts"

const LABEL_AT_MOST = 24

/** A row's name, however long it is. */
function labelOf({ label }: BulkInput): Shown {
  const name = show(label)
  return fit(name, Math.min(LABEL_AT_MOST, width(name)))
}

/** How many rows it is done to, which are refused and why, and what happens to how many. */
export function bulkPreviewLines(rows: readonly RowForesight[], columns: number): Piece[][] {
  const refused = rows.flatMap(row => ("refusal" in row ? [row] : []))
  const free = rows.length - refused.length
  const count = piece(shown`${grouped(free)} of ${grouped(rows.length)} can be changed`, "strong")
  const effects = countEffects(rows)
  const most = grouped(effects[0]?.[1] ?? 0)
  return [
    refused.length === 0 ? [count] : [count, piece(shown`; ${grouped(refused.length)} refused:`, "look")],
    ...refused.flatMap(row => hanging(piece(shown`  ✗ ${labelOf(row)}  `, "look"), show(row.refusal), columns, "dim")),
    ...(effects.length === 0 ? [] : [[], [piece(shown`What happens`, "strong")]]),
    ...effects.flatMap(([effect, number]) =>
      hanging(piece(shown`  ${fit(grouped(number), width(most), "right")} × `, "dim"), show(effect), columns),
    ),
  ]
}

/** What came of each row so far: what went wrong first. */
export function resultLines(state: BulkState, rows: readonly RowForesight[], columns: number): Piece[][] {
  const label = Math.max(...rows.map(row => width(labelOf(row))))
  const told = rows.map(row => ({ row, rank: rankOf(state.results.get(row.id), row) }))
  return told.toSorted((a, b) => a.rank - b.rank).flatMap(({ row }) => resultLine(state, row, label, columns))
}

function rankOf(result: RowResult | undefined, row: RowForesight): number {
  if (result === undefined) return "refusal" in row ? 1 : 3
  return "failure" in result ? 0 : result.steps.some(step => step.owed !== undefined) ? 2 : 4
}

function resultLine(state: BulkState, row: RowForesight, label: number, columns: number): Piece[][] {
  const result = state.results.get(row.id)
  const line = (mark: Shown, tone: Piece[1], text: Shown, textTone: Piece[1] = "plain") =>
    hanging(piece(shown`${mark} ${fit(labelOf(row), label)}  `, tone), text, columns, textTone)
  if (result === undefined) {
    if ("refusal" in row) return line(shown`✗`, "look", show(row.refusal), "dim")
    if (state.current === row.id) return line(shown`…`, "key", shown`under way`, "dim")
    return line(shown`·`, "dim", state.ended ? shown`not tried` : shown``, "dim")
  }
  if ("failure" in result) return line(shown`✗`, "act", show(result.failure))
  const owed = result.steps.flatMap(step => (step.owed === undefined ? [] : [`${step.what} (R retries): ${step.owed}`]))
  if (owed.length > 0) return line(shown`▲`, "act", show(owed.join(", ")))
  return line(shown`✓`, "good", result.steps.length === 0 ? shown`it was so already` : shown`done`, "dim")
}

/** ` ████████░░░░  5 of 12  bob`, or how it ended. */
export function bulkProgress(state: BulkState, rows: readonly RowForesight[], columns: number): Piece[] {
  const total = rows.filter(row => "preview" in row).length
  const { results, current, stopping, ended } = state
  const done = [...results.values()].filter(result => "steps" in result).length
  if (ended) {
    const failed = results.size - done
    const left = total - results.size
    return [
      piece(shown`${grouped(done)} of ${grouped(total)} done`, done === total ? "good" : "strong"),
      ...(failed > 0 ? [piece(shown`, ${grouped(failed)} failed`, "act")] : []),
      ...(left > 0 ? [piece(shown`, ${grouped(left)} not tried`, "look")] : []),
    ]
  }
  const name = rows.find(row => row.id === current)?.label ?? ""
  const text = stopping ? shown`${show(name)}, then it stops` : shown`${show(name)}   Esc stops after it`
  const bar = progressPieces(results.size, total, Math.min(30, Math.floor(columns / 3)))
  return [
    ...bar,
    piece(shown`  ${grouped(results.size)} of ${grouped(total)}  `),
    piece(text, stopping ? "look" : "plain"),
  ]
}
