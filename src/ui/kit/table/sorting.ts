import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { kindOfSort, ownSort, readSort, SORT_PERIOD, type Sorts, sortFields } from "../../../services/sort.ts"
import type { Binding } from "../../keys/binding.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column, Layout } from "../../widgets/table.tsx"
import { type MenuItem, menuScreen } from "../dialog/menu.tsx"
import type { TableModel } from "./table-model.ts"

/** How a list is sorted: the field, and the arrow of its direction. */
interface Sorted {
  readonly field: string
  readonly arrow: Shown
}

const arrowOf = (down: boolean): Shown => (down ? shown`▼` : shown`▲`)

/** Reads how a list that can be sorted is sorted now; `sort` is left out for its own order. */
export function sortedBy(sorts: Sorts, sort: string = ownSort(sorts)): Sorted {
  const [field, down] = readSort(sort)
  return { field, arrow: arrowOf(down) }
}

/** Returns the columns, the one that is sorted by with an arrow in its header. */
export const withArrow = <Row>(columns: readonly Column<Row>[], { field, arrow }: Sorted): Column<Row>[] =>
  columns.map(column => (column.field === field ? { ...column, arrow } : column))

/** Draws `   by LAST LOGIN ▼`, for a sort that was chosen, where no column in sight has the arrow; `   only the last day`. */
export const sortPieces = <Row>(
  { columns }: Layout<Row>,
  { field, arrow }: Sorted,
  all: readonly Column<Row>[],
  isBounded: boolean,
): Piece[] => [
  ...(columns.some(([{ arrow }]) => arrow !== undefined)
    ? []
    : [piece(shown`   by `, "dim"), piece(shown`${nameOf(field, all)} ${arrow}`)]),
  ...(isBounded ? [piece(shown`   only ${show(SORT_PERIOD.name)}`, "look")] : []),
]

/** Name of a field: the heading of its column, else `last login at`. */
const nameOf = <Row>(field: string, columns: readonly Column<Row>[]): Shown =>
  show((columns.find(column => column.field === field)?.header ?? field.replaceAll("_", " ")).trim())

/** Returns the key that opens the menu of what a list can be sorted by. */
export function sortBinding<Row>(sorts: Sorts, columns: readonly Column<Row>[]): Binding<TableModel<Row>> {
  return {
    keys: ["s"],
    common: true,
    label: "sort",
    footer: true,
    help: `sort by ${sortFields(sorts)
      .map(field => nameOf(field, columns))
      .join(", ")}, up or down${boundedIn(sorts, columns)}`,
    run: model => {
      const sort = model.sort ?? ownSort(sorts)
      const choices = sortFields(sorts).flatMap(field => [`-${field}`, field])
      const items = choices.map((choice): MenuItem => itemOf(sorts, choice, columns, model))
      model.shell.push(menuScreen, { title: "Sort by", items, at: choices.indexOf(sort) })
    },
  }
}

function boundedIn<Row>({ amounts }: Sorts, columns: readonly Column<Row>[]): string {
  const names = Object.keys(amounts).map(field => nameOf(field, columns))
  return names.length === 0 ? "" : `; by ${names.join(", ")} within ${SORT_PERIOD.name} unless since: says otherwise`
}

const ENDS = {
  time: ["oldest first", "newest first"],
  amount: ["lowest first", "highest first"],
  text: ["ascending", "descending"],
} as const

function itemOf<Row>(
  sorts: Sorts,
  choice: string,
  columns: readonly Column<Row>[],
  { refusals, isAsked, sortBy }: TableModel<Row>,
): MenuItem {
  const [field, down] = readSort(choice)
  const names = Math.max(...sortFields(sorts).map(name => nameOf(name, columns).length))
  const kind = kindOfSort(sorts, field)
  const [up, downwards] = ENDS[kind]
  const name = nameOf(field, columns).padEnd(names) as Shown
  const period = kind === "amount" && !isAsked("since") ? shown`, of ${show(SORT_PERIOD.name)}` : shown``
  return {
    text: shown`${name}  ${arrowOf(down)} ${show(down ? downwards : up)}${period}`,
    refused: refusals[field] ?? undefined,
    take: () => sortBy(choice === ownSort(sorts) ? undefined : choice),
  }
}
