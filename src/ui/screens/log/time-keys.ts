import { type Binding, defineBindings } from "../../keys/binding.ts"
import { unmarkBinding } from "../../kit/table/marks.ts"
import type { LogModel } from "./use-log.ts"

/** There is a row to start from. */
const isHeld = ({ snapshot }: LogModel) =>
  (snapshot !== null && snapshot.start < snapshot.end) || "there is no row to go from"
const isPaused = (model: LogModel) => (model.state.following ? "these are the newest rows" : isHeld(model))

/** The keys that go through the time of the log. */
export const timeBindings: readonly Binding<LogModel>[] = defineBindings<LogModel>([
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
    help: "to the first row of the bar before, which pauses",
    possible: isHeld,
    run: model => model.time.step({ to: "bar", by: -1 }),
  },
  {
    keys: ["l", "right"],
    label: "bar after",
    help: "to the first row of the next bar",
    possible: isPaused,
    run: model => model.time.step({ to: "bar", by: 1 }),
  },
  {
    keys: ["["],
    label: "burst before",
    help: "to where the burst of errors before begins",
    possible: isHeld,
    run: model => model.time.step({ to: "burst", by: -1 }),
  },
  {
    keys: ["]"],
    label: "burst after",
    help: "to where the next burst of errors begins",
    possible: isPaused,
    run: model => model.time.step({ to: "burst", by: 1 }),
  },
])

/** Esc stops the looking for a place; else it drops the marks, as everywhere. */
export const leaveBinding: Binding<LogModel> = {
  ...unmarkBinding,
  now: ({ time }) => (time.isLooking ? "stop looking" : undefined),
  help: "while a place is looked for, stay here; else drop all marks",
  possible: ({ time, marks }) => time.isLooking || marks.marked.size > 0,
  run: (model, pressedAt) => (model.time.isLooking ? model.time.stopLooking() : unmarkBinding.run(model, pressedAt)),
}
