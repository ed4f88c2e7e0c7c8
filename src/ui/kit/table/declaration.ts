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
import type { ScreenInfo, ScreenModel } from "../screen.ts"
import type { Shell } from "../shell.ts"
import type { BulkChanges, Marking } from "./marks.ts"
import type { TableState } from "./table-state.ts"

/** Input of the operation that one key steps through: nothing first, then the choices of its schema. */
export interface TableFilter<Input extends z.ZodObject> {
  readonly field: keyof z.output<Input> & string
  readonly key: Chord
  /** Text for the list without the filter. */
  readonly without: Shown
}

/** Input of the operation that restricts the list to one value, such as one user. */
export interface Narrowing<Input extends z.ZodObject, Row> {
  readonly field: keyof z.output<Input> & string
  /** Text before the value: `actor`. */
  readonly label: string
  readonly value: (row: Row) => string | null
  /** Name of the value, the same in all rows of a narrowed list. */
  readonly name: (row: Row) => string | null
}

/**
 * Declaration of a list. `operation` answers pages with cursors, and searches by its input `q` where it has one. Rows are
 * exported as its command prints them.
 */
export interface Table<Input extends z.ZodObject, Row> extends Pick<ScreenInfo, "id" | "title" | "summary"> {
  readonly tabKey: Chord
  readonly operation: Operation<Input, { data: Row[]; next_cursor: string | null }>
  readonly noun: Noun
  readonly columns: readonly Column<Row>[]
  readonly rowId: (row: Row) => string
  readonly filters?: readonly TableFilter<Input>[]
  readonly narrowings?: readonly Narrowing<Input, Row>[]
  readonly open?: (row: Row, shell: Shell) => void
  readonly bulk?: BulkChanges<Row>
  readonly bindings?: readonly Binding<TableModel<Row>>[]
}

export interface TableModel<Row> extends ScreenModel, Moving, Marking<Row>, Copying, Savable {
  readonly rows: readonly Row[]
  readonly state: TableState
  readonly height: number
  readonly wanted: ListQuery
  readonly editing: FieldText | undefined
  /** Time the oldest row was read, ms since the epoch; null before there are any. */
  readonly asOf: number | null
  readonly now: number
  /** The rows are those of the previous search. */
  readonly outdated: boolean
  readonly reading: boolean
  /** Rows that follow: the next page, or more than are held. */
  readonly more: "page" | "too many" | undefined
  /** What there is to say of rows that PostgreSQL may hide from this role. */
  readonly hiddenRows: string | undefined
  readonly failure: DeckError | undefined
  refresh(): void
  editSearch(): void
  takeSearch(): void
  dropEdit(): void
  setFilter(field: string, choice: string | undefined): void
  clear(): void
}

export const hasSearch = ({ input }: Operation): boolean => "q" in input.shape
