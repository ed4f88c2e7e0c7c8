import type { z } from "zod"
import { shown } from "../../../domain/safe-text.ts"
import type { Change } from "../../../services/operation.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Chord } from "../../keys/chord.ts"
import { grouped } from "../../widgets/format.ts"
import { bulkChangeDialog } from "../change/bulk-change-dialog.tsx"
import { changeDialog } from "../change/change-dialog.tsx"
import type { Noun } from "../export/choices.ts"
import type { Shell } from "../shell.ts"

type Rows<Row> = ReadonlyMap<string, Row>

/** The marked rows by their ids, as they were when they were marked: a search may have left them out since. */
export interface Marks<Row> {
  readonly marked: Rows<Row>
  /** Those that were marked last and can be marked again: what was suspended by mistake is activated again. */
  readonly last: Rows<Row>
}

export const noMarks = <Row>(): Marks<Row> => ({ marked: new Map<string, Row>(), last: new Map<string, Row>() })

export type MarksAction<Row> =
  | { readonly type: "toggle"; readonly id: string; readonly row: Row }
  /** `ids` are marked no longer; those of `last` can be marked again. */
  | { readonly type: "drop"; readonly ids: readonly string[]; readonly last: readonly string[] }
  | { readonly type: "again" }

export function marksReducer<Row>(marks: Marks<Row>, action: MarksAction<Row>): Marks<Row> {
  const { marked, last } = marks
  switch (action.type) {
    case "toggle": {
      const others = without(marked, [action.id])
      return { last, marked: others.size < marked.size ? others : new Map(marked).set(action.id, action.row) }
    }
    case "drop": {
      const kept = new Set(action.last)
      return { marked: without(marked, action.ids), last: new Map([...marked].filter(([id]) => kept.has(id))) }
    }
    case "again":
      return { marked: new Map([...last, ...marked]), last: new Map() }
  }
}

function without<Row>(rows: Rows<Row>, ids: readonly string[]): Rows<Row> {
  const dropped = new Set(ids)
  return new Map([...rows].filter(([id]) => !dropped.has(id)))
}

/** A change that can be made to the selected row of a list, or to every marked one. */
export interface BulkChange<Row> {
  readonly key: Chord
  readonly label: string
  /** What is done, as the button says it: `Suspend`. */
  readonly verb: string
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
  unmark(ids: readonly string[], last: readonly string[]): void
  markAgain(): void
}

/** The key that marks rows. */
export const markBinding: Binding<Pick<Marking<unknown>, "selected" | "mark">> = {
  keys: [" "],
  label: "mark",
  footer: true,
  help: "mark the selected row, or no longer",
  possible: ({ selected }) => selected !== undefined,
  run: model => model.mark(),
}

/** The key that drops the marks. */
export const unmarkBinding: Binding<Pick<Marking<unknown>, "marks" | "unmark">> = {
  keys: ["esc"],
  label: "drop marks",
  footer: true,
  help: "drop all marks",
  possible: ({ marks }) => marks.marked.size > 0,
  run: ({ marks, unmark }) => {
    const ids = [...marks.marked.keys()]
    unmark(ids, ids)
  },
}

/** The keys that change rows, which are called by `noun`, and those that mean something once some are marked. */
export function markedBindings<Row>(actions: readonly BulkChange<Row>[], noun: Noun): Binding<Marking<Row>>[] {
  return [
    ...actions.map(
      (action): Binding<Marking<Row>> => ({
        keys: [action.key],
        label: action.label,
        changes: true,
        help: `${action.label} the marked rows, or the selected one`,
        footer: true,
        possible: ({ marks, selected }) => marks.marked.size > 0 || selected !== undefined,
        run: marking => act(action, noun, marking),
      }),
    ),
    unmarkBinding,
    {
      keys: ["m"],
      label: "mark again",
      now: ({ marks }) => `mark ${grouped(marks.last.size)} again`,
      footer: true,
      help: "mark again what was changed together or dropped last",
      possible: ({ marks }) => marks.last.size > 0,
      run: model => model.markAgain(),
    },
  ]
}

/** One change for the selected row where none is marked, else for every marked one. */
function act<Row>({ change, options = [], ...action }: BulkChange<Row>, noun: Noun, marking: Marking<Row>): void {
  const { shell, selected, marks, unmark } = marking
  const { marked } = marks
  if (marked.size === 0) {
    if (selected !== undefined) shell.push(changeDialog, { change, options, input: action.input(selected) })
    return
  }
  shell.push(bulkChangeDialog, {
    verb: action.verb,
    noun,
    change,
    options,
    inputs: [...marked].map(([id, row]) => ({ id, label: action.name(row), input: action.input(row) })),
    done: ({ settled, changed }) => {
      unmark(settled, changed)
      if (changed.length > 0) shell.say(shown`m marks the ${grouped(changed.length)} changed again`)
    },
  })
}
