import type { Deviation } from "../../../domain/movers/deviations.ts"
import type { Binding } from "../../keys/binding.ts"
import { unmarkBinding } from "../../kit/table/mark-bindings.ts"
import { deviationsScreen, termOfDeviation } from "./deviations.ts"
import type { FilterModel } from "./use-filter.ts"
import type { LogModel } from "./use-log.ts"

type Typing = FilterModel & Pick<LogModel, "find">

const isTyping = ({ editing, find }: Typing) => editing !== undefined || find.line.typing !== undefined
const isFinding = ({ find }: Typing) => find.line.typing !== undefined
/** Input that is typed. */
const typed = ({ editing, find }: Typing) => editing?.field ?? find.line.typing

/** Keys that edit the filter or the text to find, in the log and in its panel. */
export const typingBindings: readonly Binding<Typing>[] = [
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
    now: model => (isFinding(model) ? "find" : undefined),
    help: "while typing the filter or a text: apply it",
    footer: true,
    inField: true,
    possible: isTyping,
    run: model => (isFinding(model) ? model.find.apply() : model.applyFilter()),
  },
  {
    keys: ["up"],
    label: "older filter",
    now: model => (isFinding(model) ? "older text" : undefined),
    help: "while typing the filter or a text: the previous one of the history",
    footer: true,
    inField: true,
    possible: model => {
      const field = typed(model)
      return field !== undefined && field.at + 1 < field.past.length
    },
    run: model => (isFinding(model) ? model.find.line.recall(1) : model.recall(1)),
  },
  {
    keys: ["down"],
    label: "newer filter",
    help: "while typing the filter or a text: back to what was typed",
    inField: true,
    possible: model => (typed(model)?.at ?? -1) >= 0,
    run: model => (isFinding(model) ? model.find.line.recall(-1) : model.recall(-1)),
  },
  {
    keys: ["tab"],
    label: "presets",
    now: ({ canComplete }) => (canComplete ? "complete" : undefined),
    help: "while typing the filter: complete a name or a value; where a word begins, add failures, refusals or slow requests, one after the other",
    footer: true,
    inField: true,
    possible: ({ editing }) => editing !== undefined,
    run: model => model.completeOrPreset(),
  },
  {
    keys: ["esc"],
    label: "cancel",
    help: "while typing the filter or a text: cancel; ↑ recalls what was typed",
    footer: true,
    inField: true,
    possible: isTyping,
    run: model => (isFinding(model) ? model.find.line.close() : model.dropEdit()),
  },
]

/** Keys that undo the filter. */
export const stepBindings: readonly Binding<FilterModel>[] = [
  {
    keys: ["<"],
    label: "undo filter",
    help: "undo the last change of the filter",
    possible: model => model.hasSteps,
    run: model => model.undoFilter(),
  },
  {
    keys: ["x"],
    label: "no filter",
    footer: true,
    help: "drop the filter; ↑ in the filter recalls it",
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
    help: "go to a time, such as 14:02, 2026-11-28 14:02 or -15m, or to an entry by its id; in the history too",
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
    help: "previous error burst; past what is held, in the last hour, day and week of the history",
    possible: isHeld,
    run: model => model.time.step({ to: "burst", by: -1 }),
  },
  {
    keys: ["]"],
    label: "burst after",
    help: "next error burst; on the way back from the history in finer bars first",
    possible: isPaused,
    run: model => model.time.step({ to: "burst", by: 1 }),
  },
]

const isSearched = ({ find }: LogModel) => find.search !== null
const whileSearched = (model: LogModel) => isSearched(model) && "kept"
const hasText = (model: LogModel) => isSearched(model) || "no text is searched for; f finds one"

/** Keys that go from row to row: to those with a text, and to failed requests. */
export const findBindings: readonly Binding<LogModel>[] = [
  {
    keys: ["f"],
    label: "find",
    footer: true,
    help: "search for a text without filtering",
    opensField: true,
    possible: isHeld,
    run: ({ find }) => find.open(),
  },
  {
    keys: ["n"],
    label: "next match",
    footer: whileSearched,
    help: "next request with the text",
    possible: model => (hasText(model) === true ? isPaused(model) : hasText(model)),
    run: ({ find }) => find.step(1),
  },
  {
    keys: ["N"],
    label: "previous match",
    footer: whileSearched,
    help: "previous request with the text, in older pages and the history too; pauses",
    possible: hasText,
    run: ({ find }) => find.step(-1),
  },
  {
    keys: [";"],
    label: "next failed",
    help: "next failed request (5xx)",
    possible: isPaused,
    run: model => model.time.step({ row: "failed", by: 1 }),
  },
  {
    keys: [","],
    label: "previous failed",
    help: "previous failed request (5xx), in older pages and the history too; pauses",
    possible: isHeld,
    run: model => model.time.step({ row: "failed", by: -1 }),
  },
]

/** Key that filters the log by what stands out, in the log and in its panel. */
export const deviationBinding: Binding<LogModel> = {
  keys: ["w"],
  label: "what stands out",
  help: "filter by what stands out; asks which, if several",
  possible: ({ deviations }) => deviations.length > 0 || "nothing just now",
  run: ({ deviations, narrow, shell }) => {
    const take = (deviation: Deviation) => narrow(termOfDeviation(deviation))
    if (deviations.length > 1) shell.push(deviationsScreen, { found: deviations, take })
    else if (deviations[0]) take(deviations[0])
  },
}

const hasLayer = ({ isFiltered, hasSteps }: LogModel) => isFiltered && hasSteps

/** Esc, which takes the topmost of what lies over the plain log: a search for a place, that for a text, marks, a step of the filter. */
export const leaveBinding: Binding<LogModel> = {
  ...unmarkBinding,
  footer: model => whileSearched(model) || true,
  now: ({ time, find, marks }) =>
    time.isLooking ? "stop searching" : find.search ? "end search" : marks.marked.size > 0 ? undefined : "undo filter",
  help: "stop searching, else end the search for a text, else drop all marks, else undo the last change of the filter; ↑ recalls it",
  possible: model => isOverlaid(model) || hasLayer(model),
  run: (model, pressedAt) => {
    if (model.time.isLooking) model.time.stopLooking()
    else if (model.find.search !== null) model.find.end()
    else if (model.marks.marked.size > 0) unmarkBinding.run(model, pressedAt)
    else model.undoFilter()
  },
}

/** Whether something other than the filter is to be left first. */
const isOverlaid = ({ time, find, marks }: LogModel) => time.isLooking || find.search !== null || marks.marked.size > 0
