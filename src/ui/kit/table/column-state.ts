import type { ColumnChoice } from "../../runtime/column-choices.ts"
import type { Column } from "../../widgets/table.tsx"

/** Name of a column: its title. */
export const columnName = ({ header }: Column<never>): string => header.trim()

/** Column in the dialog. */
export interface ChosenColumn {
  readonly name: string
  readonly isShown: boolean
  /** It tells rows apart, and cannot be hidden. */
  readonly isFixed: boolean
}

/** All columns in the order of the operator, and the selected one. */
export interface ColumnState {
  readonly columns: readonly ChosenColumn[]
  readonly at: number
}

export type ColumnAction =
  | { readonly type: "move"; readonly by: number }
  | { readonly type: "toggle" }
  /** Moves the selected column itself. */
  | { readonly type: "shift"; readonly by: 1 | -1 }
  | { readonly type: "reset"; readonly declared: readonly ChosenColumn[] }

export function columnReducer(state: ColumnState, action: ColumnAction): ColumnState {
  const { columns, at } = state
  const within = (index: number) => Math.min(Math.max(0, index), columns.length - 1)
  switch (action.type) {
    case "move":
      return { columns, at: within(at + action.by) }
    case "toggle":
      return {
        columns: columns.map((one, index) => (index === at && !one.isFixed ? { ...one, isShown: !one.isShown } : one)),
        at,
      }
    case "shift": {
      const to = within(at + action.by)
      const others = columns.filter((_, index) => index !== at)
      return { columns: others.toSpliced(to, 0, columns[at] as ChosenColumn), at: to }
    }
    case "reset":
      return { columns: action.declared, at }
  }
}

/** Returns all columns of a table as chosen; a column that the choice does not know stands behind its declared neighbour. */
export function chosenColumns(declared: readonly Column<never>[], choice?: ColumnChoice): ChosenColumn[] {
  const all = declared.map(columnName)
  const names = (choice?.order ?? all).filter(
    (name, index, order) => all.includes(name) && order.indexOf(name) === index,
  )
  for (const [index, name] of all.entries()) {
    if (!names.includes(name)) names.splice(index === 0 ? 0 : names.indexOf(all[index - 1] as string) + 1, 0, name)
  }
  return names.map(name => {
    const isFixed = declared[all.indexOf(name)]?.identity === true
    return { name, isFixed, isShown: isFixed || choice?.hidden.includes(name) !== true }
  })
}

/** Returns the columns that are shown, in their order; in an order of the operator's, those further left get room first. */
export function arranged<Row>(declared: readonly Column<Row>[], columns: readonly ChosenColumn[]): Column<Row>[] {
  const isReordered = columns.some(({ name }, index) => name !== columnName(declared[index] as Column<never>))
  return columns
    .filter(({ isShown }) => isShown)
    .map(({ name }, index) => {
      const column = declared.find(one => columnName(one) === name) as Column<Row>
      return isReordered && column.dropAs !== undefined ? { ...column, dropAs: index, after: 0 } : column
    })
}
