import type { z } from "zod"
import type { Change } from "../../../services/operation.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Chord } from "../../keys/chord.ts"
import type { Shell } from "../../shell/shell-context.ts"
import { bulkActionScreen } from "../action/bulk.tsx"

/** The marked rows by their ids, as they were when they were marked: a search may have left them out since. */
export type Marks<Row> = ReadonlyMap<string, Row>

export type MarksAction<Row> =
  | { readonly type: "toggle"; readonly id: string; readonly row: Row }
  | { readonly type: "drop"; readonly ids: Iterable<string> }

export function marksReducer<Row>(marks: Marks<Row>, action: MarksAction<Row>): Marks<Row> {
  const next = new Map(marks)
  if (action.type === "drop") for (const id of action.ids) next.delete(id)
  else if (!next.delete(action.id)) next.set(action.id, action.row)
  return next
}

/** A change that can be made to every marked row of a list. */
export interface BulkAction<Row> {
  readonly key: Chord
  readonly label: string
  /** What is done to so many rows; its first word stands on the button: `Suspend 12 users`. */
  readonly title: (count: number) => string
  readonly change: Change<z.ZodObject, unknown>
  readonly input: (row: Row) => Readonly<Record<string, unknown>>
  /** The boolean fields of the input that are offered. */
  readonly options?: readonly string[]
  readonly name: (row: Row) => string
}

/** What the keys of marks act on. */
export interface Marking<Row> {
  readonly shell: Shell
  readonly selected: Row | undefined
  readonly marks: Marks<Row>
  /** Marks the selected row, or no longer, and goes on to the next. */
  mark(): void
  unmark(ids: Iterable<string>): void
}

/** The key that marks rows; none for a list where nothing can be done to them. */
export const markBindings = <Row>(actions: readonly BulkAction<Row>[]): Binding<Marking<Row>>[] =>
  actions.length === 0
    ? []
    : [
        {
          keys: [" "],
          label: "mark",
          footer: true,
          help: "mark the selected row, or no longer",
          possible: ({ selected }) => selected !== undefined,
          run: model => model.mark(),
        },
      ]

/** The keys that mean something once rows are marked. */
export function markedBindings<Row>(actions: readonly BulkAction<Row>[]): Binding<Marking<Row>>[] {
  if (actions.length === 0) return []
  return [
    ...actions.map(
      (action): Binding<Marking<Row>> => ({
        keys: [action.key],
        label: action.label,
        help: `${action.label} the marked rows`,
        footer: true,
        possible: ({ marks }) => marks.size > 0 || "mark rows with Space first",
        run: ({ shell, marks, unmark }) =>
          shell.push(bulkActionScreen, {
            title: action.title,
            change: action.change,
            options: action.options ?? [],
            inputs: [...marks].map(([id, row]) => ({ id, label: action.name(row), input: action.input(row) })),
            done: id => unmark([id]),
          }),
      }),
    ),
    {
      keys: ["esc"],
      label: "drop marks",
      footer: true,
      help: "drop all marks",
      possible: ({ marks }) => marks.size > 0,
      run: ({ marks, unmark }) => unmark(marks.keys()),
    },
  ]
}
