import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { progressPieces } from "../../widgets/progress.ts"
import { hanging, wrap } from "../../widgets/wrap.ts"
import {
  type BulkInput,
  type BulkState,
  countEffects,
  groupRows,
  type RowGroups,
  type RowPreview,
} from "./bulk-change-state.ts"

const LABEL_AT_MOST = 24

function labelOf({ label }: BulkInput): Shown {
  const name = show(label)
  return fit(name, Math.min(LABEL_AT_MOST, width(name)))
}

const listed = (rows: readonly BulkInput[]): Shown => rows.map(labelOf).reduce((all, label) => shown`${all}, ${label}`)

/** Returns the names in at most `lines` lines, and how many did not fit. */
function namesWithin(rows: readonly BulkInput[], columns: number, lines: number): [Shown[], left: number] {
  let fitting: Shown[] = []
  for (let count = 1; count <= rows.length; count++) {
    const left = rows.length - count
    const names = listed(rows.slice(0, count))
    const next = wrap(left === 0 ? names : shown`${names} and ${grouped(left)} more`, columns)
    if (count > 1 && next.length > lines) return [fitting, left + 1]
    fitting = next
  }
  return [fitting, 0]
}

/** Most lines of names above the effects. */
const NAME_LINES = 3
const INDENT = shown`  `

/** Draws the rows that change, those unchanged and refused, and the effects with their number of rows. */
export function bulkPreviewLines(rows: readonly RowPreview[], columns: number, few: boolean): Piece[][] {
  const { changing, unchanged, refused } = groupRows(rows)
  const inner = columns - width(INDENT)
  const indented = (lines: readonly Shown[]) => lines.map(line => [piece(INDENT), piece(line)])
  const [names, left] = namesWithin(changing, inner, few ? 1 : NAME_LINES)
  const effects = countEffects(changing)
  const heads = effects.map(([, number]) => effectHead(number, changing.length))
  const room = Math.max(...heads.map(width))
  return [
    [piece(shown`${grouped(changing.length)} to change`, "strong")],
    ...indented(names),
    ...(unchanged.length === 0
      ? []
      : hanging(piece(shown`${grouped(unchanged.length)} unchanged: `, "look"), listed(unchanged), columns, "dim")),
    ...(refused.length === 0 ? [] : [[piece(shown`${grouped(refused.length)} refused:`, "look")]]),
    ...refused.flatMap(row => hanging(piece(shown`  ✗ ${labelOf(row)}  `, "look"), show(row.refusal), columns, "dim")),
    ...(effects.length === 0 || few ? [] : [[], [piece(shown`What happens`, "strong")]]),
    ...effects.flatMap(([effect], at) => hanging(piece(fit(heads[at] as Shown, room), "dim"), show(effect), columns)),
    ...(left === 0
      ? []
      : [
          [],
          [piece(shown`The other ${grouped(left)} that change`, "strong")],
          ...indented(wrap(listed(changing.slice(-left)), inner)),
        ]),
  ]
}

/** Returns whom an effect is for: `each: `, or `2 of 7: `; of one row there is nothing to say. */
const effectHead = (number: number, all: number): Shown =>
  all === 1 ? INDENT : number === all ? shown`  each: ` : shown`  ${grouped(number)} of ${grouped(all)}: `

/** Draws the result of each row, failures first. */
export function resultLines(state: BulkState, rows: readonly RowPreview[], columns: number): Piece[][] {
  const label = Math.max(...rows.map(row => width(labelOf(row))))
  return rows
    .map(row => ({ row, ...resultOf(state, row) }))
    .toSorted((a, b) => a.rank - b.rank)
    .flatMap(({ row, mark: [mark, tone], text: [text, textTone] }) =>
      hanging(piece(shown`${mark} ${fit(labelOf(row), label)}  `, tone), text, columns, textTone),
    )
}

interface RowLine {
  /** Order in the list, the worst first. */
  readonly rank: number
  readonly mark: Piece
  readonly text: Piece
}

function resultOf({ results, current, ended }: BulkState, row: RowPreview): RowLine {
  const result = results.get(row.id)
  const line = (rank: number, mark: Piece, text: Shown, tone: Piece[1] = "dim"): RowLine => ({
    rank,
    mark,
    text: piece(text, tone),
  })
  if (result === undefined) {
    if ("refusal" in row) return line(1, piece(shown`✗`, "look"), show(row.refusal))
    if (row.preview.unchanged) return line(5, piece(shown`·`, "dim"), shown`unchanged`)
    if (current === row.id) return line(3, piece(shown`…`, "key"), shown`in progress`)
    return line(3, piece(shown`·`, "dim"), ended ? shown`not tried` : shown``)
  }
  if ("failure" in result) return line(0, piece(shown`✗`, "act"), show(result.failure), "plain")
  const owed = result.steps.flatMap(step => (step.owed === undefined ? [] : [`${step.what} (R retries): ${step.owed}`]))
  if (owed.length > 0) return line(2, piece(shown`▲`, "act"), show(owed.join(", ")), "plain")
  return line(4, piece(shown`✓`, "good"), result.steps.length === 0 ? shown`unchanged` : shown`done`)
}

/** Draws ` ████████░░░░  5 of 12  bob`, or the totals at the end. */
export function bulkProgress(state: BulkState, rows: readonly RowPreview[], columns: number): Piece[] {
  const groups = groupRows(rows)
  const total = groups.changing.length
  const { results, current, stopping, ended } = state
  if (ended) return endPieces(state, groups)
  const name = rows.find(row => row.id === current)?.label ?? ""
  const text = stopping ? shown`${show(name)}, then it stops` : shown`${show(name)}   Esc stops after it`
  const bar = progressPieces(results.size, total, Math.min(30, Math.floor(columns / 3)))
  return [
    ...bar,
    piece(shown`  ${grouped(results.size)} of ${grouped(total)}  `),
    piece(text, stopping ? "look" : "plain"),
  ]
}

/** Draws `5 changed · 1 unchanged · 2 refused`: together all marked rows. */
function endPieces({ results }: BulkState, { changing, unchanged, refused }: RowGroups): Piece[] {
  const all = [...results.values()]
  const changed = all.filter(result => "steps" in result && result.steps.length > 0).length
  const failed = all.filter(result => "failure" in result).length
  const already = unchanged.length + all.length - changed - failed
  const left = changing.length - all.length
  const counts = [
    [already, shown`unchanged`, "plain"],
    [refused.length, shown`refused`, "look"],
    [failed, shown`failed`, "act"],
    [left, shown`not tried`, "look"],
  ] as const
  return [
    piece(shown`${grouped(changed)} changed`, changed === changing.length ? "good" : "strong"),
    ...counts.flatMap(([count, what, tone]) => (count === 0 ? [] : [piece(shown` · ${grouped(count)} ${what}`, tone)])),
  ]
}
