import type { Binding } from "../../keys/binding.ts"
import type { FilterModel } from "./use-filter.ts"

const isTyping = ({ editing }: FilterModel) => editing !== undefined

/** Keys that edit the filter, in the log and in its panel. */
export const typingBindings: readonly Binding<FilterModel>[] = [
  {
    keys: ["/"],
    label: "filter",
    footer: true,
    help: "filter; starts from the current filter",
    run: model => model.editFilter(),
  },
  {
    keys: ["enter"],
    label: "apply",
    help: "while the filter is typed: apply it",
    footer: true,
    inField: true,
    possible: isTyping,
    run: model => model.applyFilter(),
  },
  {
    keys: ["up"],
    label: "older filter",
    help: "while the filter is typed: the previous filter of the history",
    footer: true,
    inField: true,
    possible: ({ editing }) => editing !== undefined && editing.field.at + 1 < editing.field.past.length,
    run: model => model.recall(1),
  },
  {
    keys: ["down"],
    label: "newer filter",
    help: "while the filter is typed: back to what was typed",
    inField: true,
    possible: ({ editing }) => editing !== undefined && editing.field.at >= 0,
    run: model => model.recall(-1),
  },
  {
    keys: ["esc"],
    label: "keep as it was",
    help: "while the filter is typed: discard what was typed",
    footer: true,
    inField: true,
    possible: isTyping,
    run: model => model.dropEdit(),
  },
]

/** Keys that undo the filter. */
export const stepBindings: readonly Binding<FilterModel>[] = [
  {
    keys: ["<"],
    label: "undo filter",
    footer: true,
    help: "undo the last change of the filter",
    possible: model => model.hasSteps,
    run: model => model.undoFilter(),
  },
  {
    keys: ["x"],
    label: "no filter",
    footer: true,
    help: "drop the filter",
    possible: model => model.isFiltered,
    run: model => model.clearFilter(),
  },
]
