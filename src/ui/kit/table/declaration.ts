import type { z } from "zod"
import type { DeckError } from "../../../domain/errors.ts"
import type { Shown } from "../../../domain/safe-text.ts"
import type { Operation } from "../../../services/operation.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Chord } from "../../keys/chord.ts"
import type { FieldText } from "../../keys/text-field.ts"
import type { Column } from "../../widgets/table.tsx"
import type { ListQuery } from "../destinations.ts"
import type { Noun } from "../export/choices.ts"
import type { Copying } from "../export/copy.tsx"
import type { Savable } from "../export/save.tsx"
import type { Moving } from "../moving.ts"
import type { ScreenModel } from "../screen.ts"
import type { Shell } from "../shell.ts"
import type { BulkChange, Marking } from "./marks.ts"
import type { TableState } from "./table-state.ts"

/** An input of the operation that one key steps through: nothing first, then the choices of its schema. */
export interface TableFilter<Input extends z.ZodObject> {
  readonly field: keyof z.output<Input> & string
  readonly key: Chord
  /** What the list holds without it. */
  readonly without: Shown
}

/** An input of the operation that holds the list to what some row has, such as one person. */
export interface Narrowing<Input extends z.ZodObject, Row> {
  readonly field: keyof z.output<Input> & string
  /** What it is called in front of its value: `actor`. */
  readonly label: string
  /** The key that narrows the list to what the selected row has; without one only who opens the screen can. */
  readonly key?: Chord
  readonly value: (row: Row) => string | null
  /** What people call the value; all rows of a narrowed list have the same. */
  readonly name: (row: Row) => string | null
}

/**
 * A list, declared once. `operation` answers pages with cursors, and searches by its input `q` where it has one. Rows are
 * taken along as its command prints them.
 */
export interface Table<Input extends z.ZodObject, Row> {
  readonly id: string
  readonly title: string
  readonly tabKey: Chord
  readonly summary: string
  readonly operation: Operation<Input, { data: Row[]; next_cursor: string | null }>
  readonly noun: Noun
  readonly columns: readonly Column<Row>[]
  readonly rowId: (row: Row) => string
  readonly filters: readonly TableFilter<Input>[]
  readonly narrowings?: readonly Narrowing<Input, Row>[]
  /** What Enter does on a row. */
  readonly open?: (row: Row, shell: Shell) => void
  /** What can be done to marked rows together. */
  readonly bulk?: readonly BulkChange<Row>[]
  /** Keys of this list alone. */
  readonly bindings?: readonly Binding<TableModel<Row>>[]
}

export interface TableModel<Row> extends ScreenModel, Moving, Marking<Row>, Copying, Savable {
  readonly rows: readonly Row[]
  readonly state: TableState
  readonly height: number
  readonly wanted: ListQuery
  readonly editing: FieldText | undefined
  /** When the oldest of the rows was read, ms since the epoch; null before there are any. */
  readonly asOf: number | null
  readonly now: number
  /** The rows are those of the search before. */
  readonly outdated: boolean
  readonly reading: boolean
  /** More rows follow: the next page, or more than are held. */
  readonly more: "page" | "too many" | undefined
  /** Why the last reading failed, where it did. */
  readonly failure: DeckError | undefined
  refresh(): void
  editSearch(): void
  takeSearch(): void
  dropEdit(): void
  setFilter(field: string, choice: string | undefined): void
  clear(): void
}

export const hasSearch = ({ input }: Operation): boolean => "q" in input.shape
