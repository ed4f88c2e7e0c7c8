import { Text } from "ink"
import { type CellProps, Table } from "ink-table"
import { fit, type Shown } from "../../domain/safe-text.ts"
import { paint, type Tone } from "./theme.ts"

/** Column of a small table. All of its cells have one tone. */
export interface SmallColumn<Key extends string = string> {
  readonly key: Key
  readonly width: number
  readonly tone: Tone
  readonly align?: "left" | "right"
}

type SmallRow<Key extends string = string> = Readonly<Record<Key, Shown>>

interface SmallTableProps<Key extends string> {
  readonly columns: readonly SmallColumn<Key>[]
  readonly rows: readonly SmallRow<Key>[]
}

/**
 * Draws a table that neither scrolls nor has a selection, without lines and titles, with a blank before each cell. The
 * package measures by the length of strings, so each cell is cut and padded to the width of its column here.
 */
export function SmallTable<Key extends string>({ columns, rows }: SmallTableProps<Key>) {
  const Cell = ({ column, children }: CellProps) => {
    const { width, tone, align } = columns[column] as SmallColumn<Key>
    return <Text> {paint(fit(String(children).trim() as Shown, width, align), tone)}</Text>
  }
  // A table keeps the components that it was mounted with: other columns need another table.
  return (
    <Table
      key={JSON.stringify(columns)}
      data={[...rows]}
      columns={columns.map(({ key }) => key)}
      cell={Cell}
      header={Nothing}
      skeleton={Nothing}
    />
  )
}

const Nothing = () => null
