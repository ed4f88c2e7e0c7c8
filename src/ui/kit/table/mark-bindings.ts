import { shown } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import { grouped } from "../../widgets/format.ts"
import { bulkChangeDialog } from "../change/bulk-change-dialog.tsx"
import { changeDialog } from "../change/change-dialog.tsx"
import type { RecordChange } from "../change/record-change.ts"
import type { Noun } from "../export/choices.ts"
import type { BulkChanges } from "./marks.ts"
import type { TableModel } from "./table-model.ts"

/** Key that marks rows. */
export const markBinding: Binding<Pick<TableModel<unknown>, "selected" | "mark">> = {
  keys: [" "],
  label: "mark",
  footer: true,
  common: true,
  help: "mark or unmark the selected row",
  possible: ({ selected }) => selected !== undefined,
  run: model => model.mark(),
}

/** Key that drops the marks. */
export const unmarkBinding: Binding<Pick<TableModel<unknown>, "marks" | "unmark">> = {
  keys: ["esc"],
  label: "drop marks",
  footer: true,
  common: true,
  help: "drop all marks",
  possible: ({ marks }) => marks.marked.size > 0,
  run: ({ marks, unmark }) => {
    const ids = [...marks.marked.keys()]
    unmark(ids, ids)
  },
}

/** Esc on a list, which drops the marks, else what the filter has beyond that of the list as it was opened. */
const leaveBinding: Binding<Pick<TableModel<unknown>, "marks" | "unmark" | "isFurtherFiltered" | "restoreFilter">> = {
  ...unmarkBinding,
  now: ({ marks }) => (marks.marked.size > 0 ? undefined : "undo filter"),
  help: "drop all marks, else the filter, as far as the list was not opened with it; ↑ recalls it",
  possible: ({ marks, isFurtherFiltered }) => marks.marked.size > 0 || isFurtherFiltered,
  run: (model, pressedAt) =>
    model.marks.marked.size > 0 ? unmarkBinding.run(model, pressedAt) : model.restoreFilter(),
}

/** Returns the keys that change marked rows, and those that work once some are marked. */
export function markedBindings<Row>({ changes, name }: BulkChanges<Row>, noun: Noun): Binding<TableModel<Row>>[] {
  return [
    ...changes.map(
      (declared): Binding<TableModel<Row>> => ({
        keys: [declared.key],
        label: declared.label,
        changes: true,
        help: `${togetherOf(declared)} the marked rows, or the selected one`,
        footer: true,
        possible: ({ marks, selected }) =>
          marks.marked.size > 0 || (selected !== undefined && (declared.possible?.(selected) ?? true)),
        run: model => change(declared, name, noun, model),
      }),
    ),
    leaveBinding,
    {
      keys: ["*"],
      label: "mark again",
      now: ({ marks }) => `mark ${grouped(marks.last.size)} again`,
      footer: true,
      common: true,
      help: "restore the marks that were changed or dropped last",
      possible: ({ marks }) => marks.last.size > 0,
      run: model => model.markAgain(),
    },
  ]
}

const togetherOf = <Row>({ label, together = label }: RecordChange<Row>): string => together

/** Changes the selected row where none is marked, else every marked one. */
function change<Row>(
  declared: RecordChange<Row>,
  name: (row: Row) => string,
  noun: Noun,
  { shell, selected, marks: { marked }, unmark }: TableModel<Row>,
): void {
  const { change, input, options = [] } = declared
  const verb = togetherOf(declared)
  if (marked.size === 0) {
    if (selected !== undefined) shell.push(changeDialog, { change, options, input: input(selected) })
    return
  }
  shell.push(bulkChangeDialog, {
    verb: `${verb.charAt(0).toUpperCase()}${verb.slice(1)}`,
    noun,
    change,
    options,
    inputs: [...marked].map(([id, row]) => ({ id, label: name(row), input: input(row) })),
    done: ({ settled, changed }) => {
      unmark(settled, changed)
      if (changed.length > 0) shell.say(shown`* marks the ${grouped(changed.length)} changed again`)
    },
  })
}
