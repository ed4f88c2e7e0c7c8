import type { Binding } from "../../keys/binding.ts"
import { unmarkBinding } from "../../kit/table/marks.ts"
import type { FilterModel } from "./use-filter.ts"
import type { LogModel } from "./use-log.ts"

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
    help: "while typing the filter: apply it",
    footer: true,
    inField: true,
    possible: isTyping,
    run: model => model.applyFilter(),
  },
  {
    keys: ["up"],
    label: "older filter",
    help: "while typing the filter: the previous filter of the history",
    footer: true,
    inField: true,
    possible: ({ editing }) => editing !== undefined && editing.field.at + 1 < editing.field.past.length,
    run: model => model.recall(1),
  },
  {
    keys: ["down"],
    label: "newer filter",
    help: "while typing the filter: back to what was typed",
    inField: true,
    possible: ({ editing }) => editing !== undefined && editing.field.at >= 0,
    run: model => model.recall(-1),
  },
  {
    keys: ["esc"],
    label: "cancel",
    help: "while typing the filter: cancel; ↑ recalls what was typed",
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

/** Tells whether there is a row to start from. */
const isHeld = ({ snapshot }: LogModel) =>
  (snapshot !== null && snapshot.start < snapshot.end) || "no row to start from"
const isPaused = (model: LogModel) => (model.state.following ? "these are the newest rows" : isHeld(model))

/** Keys that move through the time of the log. */
export const timeBindings: readonly Binding<LogModel>[] = [
  {
    keys: ["t"],
    label: "time",
    footer: true,
    help: "go to a time, such as 14:02 or -15m, or to an entry by its id",
    opensField: true,
    possible: isHeld,
    run: model => model.time.askTime(),
  },
  {
    keys: ["h", "left"],
    label: "bar before",
    help: "first row of the previous bar; pauses",
    possible: isHeld,
    run: model => model.time.step({ to: "bar", by: -1 }),
  },
  {
    keys: ["l", "right"],
    label: "bar after",
    help: "first row of the next bar",
    possible: isPaused,
    run: model => model.time.step({ to: "bar", by: 1 }),
  },
  {
    keys: ["["],
    label: "burst before",
    help: "previous error burst",
    possible: isHeld,
    run: model => model.time.step({ to: "burst", by: -1 }),
  },
  {
    keys: ["]"],
    label: "burst after",
    help: "next error burst",
    possible: isPaused,
    run: model => model.time.step({ to: "burst", by: 1 }),
  },
]

/** Esc, which stops a search for a place, else drops the marks. */
export const leaveBinding: Binding<LogModel> = {
  ...unmarkBinding,
  now: ({ time }) => (time.isLooking ? "stop searching" : undefined),
  help: "stop searching; otherwise drop all marks",
  possible: ({ time, marks }) => time.isLooking || marks.marked.size > 0,
  run: (model, pressedAt) => (model.time.isLooking ? model.time.stopLooking() : unmarkBinding.run(model, pressedAt)),
}
