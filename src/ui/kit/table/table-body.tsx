import { Box } from "ink"
import { useMemo } from "react"
import type { z } from "zod"
import { headOf } from "../../../domain/filter-language.ts"
import { termsOf } from "../../../domain/list-terms.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { SORT_PERIOD } from "../../../services/sort.ts"
import { grouped, roughly, shortIds, timeOfDay } from "../../widgets/format.ts"
import { Line, type Piece, piece, piecesWidth, spreadKeeping } from "../../widgets/line.tsx"
import { type Column, layOut, TableHeader, TableRow } from "../../widgets/table.tsx"
import { fieldPieces } from "../../widgets/text-field-view.ts"
import { clauses, paragraph } from "../../widgets/wrap.ts"
import type { Noun } from "../export/choices.ts"
import { failureLines, stalePieces } from "../failure-lines.ts"
import { type FilterMistake, filterColumns } from "../filter-hint.ts"
import { readFromPieces } from "../read-from.ts"
import { useColumns } from "./columns.tsx"
import { sortedBy, sortPieces, withArrow } from "./sorting.ts"
import type { Table, TableModel } from "./table-model.ts"

interface BodyProps<Input extends z.ZodObject, Row> {
  readonly table: Table<Input, Row>
  readonly model: TableModel<Row>
  readonly columns: number
}

/** Draws status, search, column titles, and the rows or why there are none. */
export function TableBody<Input extends z.ZodObject, Row>({ table, model, columns }: BodyProps<Input, Row>) {
  const { rows, state, height, outdated } = model
  const { useAside = nothing } = table
  const aside = useAside(columns)
  const chosen = useColumns(table.id, table.columns)
  const { sorts } = table.operation
  const sorted = sorts && sortedBy(sorts, model.sort)
  const layout = useMemo(() => {
    const marked = sorts === undefined ? chosen : withArrow(chosen, sortedBy(sorts, model.sort))
    return layOut(outdated ? marked.map(dimmed) : marked, columns)
  }, [chosen, sorts, model.sort, outdated, columns])
  const note = noteInstead(model, columns - 6, table.empty)
  return (
    <Box flexDirection="column">
      <Line
        pieces={statusPieces(
          table,
          model,
          sorted && (model.sort !== undefined || model.isBounded)
            ? sortPieces(layout, sorted, table.columns, model.isBounded)
            : [],
          aside,
          columns,
        )}
        columns={columns}
      />
      <Line pieces={filterPieces(table, model, columns)} columns={columns} />
      {model.hint.map((pieces, index) => (
        <Line key={index} pieces={pieces} columns={columns} />
      ))}
      <TableHeader layout={layout} columns={columns} />
      {note?.map((pieces, index) => (
        <Line key={index} pieces={[piece(shown`   `), ...pieces]} columns={columns} />
      ))}
      {!note &&
        rows
          .slice(state.top, state.top + height)
          .map((row, index) => (
            <TableRow
              key={table.rowId(row)}
              layout={layout}
              row={row}
              columns={columns}
              selected={state.top + index === state.cursor}
              marked={model.marks.marked.has(table.rowId(row))}
            />
          ))}
    </Box>
  )
}

const nothing = (): readonly Piece[] => []

const dimmed = <Row,>(column: Column<Row>): Column<Row> => ({
  ...column,
  cell: (row, room) => piece(column.cell(row, room)[0], "dim"),
})

/** Draws ` Users   not deleted · 100 shown, more below             as of 14:02:31 `, or a failure to read again. */
function statusPieces<Input extends z.ZodObject, Row>(
  table: Table<Input, Row>,
  model: TableModel<Row>,
  sorted: readonly Piece[],
  aside: readonly Piece[],
  columns: number,
) {
  const { asOf, failure, now, outdated } = model
  if (failure && asOf !== null && !outdated) return stalePieces(asOf, now, failure)
  const filters = (table.filters ?? [])
    .filter(({ field }) => !model.isAsked(field))
    .map(({ without }): Piece => piece(shown`   ${without}`, "dim"))
  const title = piece(shown` ${show(table.title)}`, "strong")
  const said = [
    ...narrowed(table, model),
    ...sorted,
    piece(countText(table.noun, model), "dim"),
    ...(model.sums === undefined || outdated ? [] : [piece(shown` · `, "dim"), piece(model.sums)]),
    ...aside,
    ...(model.hiddenRows === undefined ? [] : [piece(shown` · rows may be hidden`, "look")]),
    ...markedPieces(table, model),
  ]
  const whole = [title, ...filters, ...said]
  const right =
    model.reading || outdated
      ? [piece(shown`reading… `, "dim")]
      : asOf === null
        ? []
        : [...readFromPieces(model.readFrom), piece(shown`as of ${timeOfDay(asOf)} `, "dim")]
  const left = piecesWidth(whole) + piecesWidth(right) < columns ? whole : [title, ...said]
  return spreadKeeping(left, failure ? [] : right, columns)
}

/** Draws ` · 5 marked, 4 not listed`: a filter may have left out marked rows. */
function markedPieces<Input extends z.ZodObject, Row>({ rowId }: Table<Input, Row>, model: TableModel<Row>): Piece[] {
  const { marked } = model.marks
  if (marked.size === 0) return []
  const inSight = model.rows.filter(row => marked.has(rowId(row))).length
  const hidden = marked.size - inSight
  return [
    piece(shown` · ${grouped(marked.size)} marked`, "key"),
    ...(hidden > 0 ? [piece(shown`, ${grouped(hidden)} not listed`, "look")] : []),
  ]
}

/** Draws `   actor alice`, by the name in the rows. */
function narrowed<Input extends z.ZodObject, Row>(
  { narrowings = [] }: Table<Input, Row>,
  { held, rows }: TableModel<Row>,
): Piece[] {
  return narrowings.flatMap(({ field, label, name, value }) => {
    const own = held(field)
    if (own === undefined) return []
    const row = rows.find(one => value(one) === own)
    const called = (row === undefined ? null : name(row)) ?? shortIds(own)
    return [piece(shown`   ${show(label)} `, "dim"), piece(show(called, 512), "key")]
  })
}

/** Draws ` · 100 shown of about 1.2 M users`; what is complete is what is shown. */
function countText([, many]: Noun, { rows, outdated, asOf, more, total }: TableModel<unknown>): Shown {
  if (outdated || asOf === null) return shown``
  const all = total && (total.isExact ? grouped(total.rows) : shown`about ${roughly(total.rows)}`)
  if (all && more === "page") return shown` · ${grouped(rows.length)} shown of ${all} ${show(many)}`
  const below = { page: shown`, more below`, "too many": shown` and no more are kept: filter to narrow the list` }
  return shown` · ${grouped(rows.length)} shown${more ? below[more] : shown``}`
}

/** Draws ` / status:failed since:1d`, or the field while it is typed; without a filter, what may be typed. */
function filterPieces<Input extends z.ZodObject, Row>(
  { operation: { input } }: Table<Input, Row>,
  { typing, filter }: TableModel<Row>,
  columns: number,
): Piece[] {
  const slash = piece(shown` / `, "key")
  if (typing) return [slash, ...fieldPieces(typing.text, filterColumns(columns), { focused: true })]
  if (filter !== "") return [slash, piece(show(filter), "strong")]
  const terms = termsOf(input)
  const search = terms.find(({ key }) => key === "")?.help
  const names = terms.flatMap(term => (term.key === "" ? [] : headOf(term))).join(" ")
  // Of what is cut, the names of terms are missed most.
  const parts =
    search !== undefined
      ? [names, clauses(search, columns - names.length - 6)]
      : names.length + 16 > columns
        ? [names]
        : ["no filter", names]
  return [piece(shown` / ${show(parts.filter(part => part !== "").join(" · "))}`, "dim")]
}

/** Draws the text instead of rows: reading, failed or empty. */
function noteInstead(
  model: TableModel<unknown>,
  columns: number,
  empty = shown`Nothing here yet.`,
): Piece[][] | undefined {
  const { failure, asOf, outdated, rows, filter, typing, mistake, isBounded } = model
  if (failure && (asOf === null || outdated)) return [[], ...failureLines(failure, columns)]
  if (asOf === null) return [[piece(shown`reading…`, "dim")]]
  if (rows.length > 0 || outdated) return undefined
  const within = isBounded ? shown` within ${show(SORT_PERIOD.name)}` : shown``
  const hidden = model.hiddenRows === undefined ? [] : paragraph(show(model.hiddenRows), columns, "look")
  if (filter === "" && !isBounded) return [[], [piece(empty, "strong")], ...hidden]
  return [
    [],
    [
      piece(
        filter === ""
          ? shown`Nothing within ${show(SORT_PERIOD.name)}`
          : shown`Nothing matches ${show(filter)}${within}`,
        "strong",
      ),
    ],
    ...hidden,
    ...(isBounded ? [[piece(shown`Sorted so, a list needs a period: / since:7d looks further back.`, "dim")]] : []),
    ...(filter === "" && typing === undefined
      ? []
      : [[piece(typing === undefined ? shown`x drops the filter.` : whileTyped(mistake), "dim")]]),
  ]
}

/** Letters are text while a filter is typed, and what is no filter yet is not in force. */
const whileTyped = (mistake: FilterMistake | undefined): Shown =>
  mistake === undefined ? shown`Esc restores the filter before.` : shown`What is typed now is not a filter yet.`
