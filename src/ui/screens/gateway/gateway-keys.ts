import type { GatewayField } from "../../../domain/gateway.ts"
import { defineBindings } from "../../keys/binding.ts"
import { cursorOf } from "../../kit/form/cells-state.ts"
import { focusedField } from "../../kit/form/form-state.ts"
import { moving } from "../../kit/moving.ts"
import type { GatewayModel } from "./use-gateway.ts"

const isRead = ({ inspection }: GatewayModel) => inspection !== undefined || "nothing is read yet"
const isTyping = ({ state }: GatewayModel) => state.typing !== undefined
const atMode = (model: GatewayModel) =>
  model.inspection !== undefined && focusedField(model.state.form)?.kind === "choice"

const whileTyping = { inField: true, possible: isRead }

/** What can be done with the gateway's settings. */
export const gatewayBindings = defineBindings<GatewayModel>([
  {
    keys: ["ctrl-s"],
    label: "save",
    changes: true,
    footer: "kept",
    inField: true,
    help: "review the changes, give a reason, and save",
    possible: isRead,
    run: model => model.save(),
  },
  {
    keys: ["F"],
    label: "fix drift",
    changes: true,
    footer: "urgent",
    help: "write the settings in the database to the gateway's copy",
    possible: model => model.inspection?.copies.some(({ repairable }) => repairable) ?? false,
    run: model => model.repair(),
  },
  {
    keys: ["I"],
    label: "inherit",
    changes: true,
    footer: true,
    help: "remove this setting, so that the gateway's environment applies again",
    possible: ({ inspection, state }) =>
      inspection !== undefined &&
      (["row", "copy"].includes(inspection.sources[state.form.focus as GatewayField]) ||
        "nothing is set here: the gateway's environment applies already"),
    run: model => model.inherit(),
  },
  {
    keys: ["enter"],
    label: "edit",
    now: model => (isTyping(model) ? "take" : atMode(model) ? "next mode" : undefined),
    footer: true,
    inField: true,
    help: "edit the value at the cursor, or switch to the next mode; again, keep what is typed",
    opensField: true,
    possible: isRead,
    run: model =>
      model.dispatch(isTyping(model) ? { type: "take" } : atMode(model) ? { type: "turn", by: 1 } : { type: "type" }),
  },
  {
    keys: ["right", " "],
    label: "next mode",
    possible: atMode,
    run: model => model.dispatch({ type: "turn", by: 1 }),
  },
  { keys: ["left"], label: "mode before", possible: atMode, run: model => model.dispatch({ type: "turn", by: -1 }) },
  {
    keys: ["a"],
    label: "add",
    footer: true,
    help: "add a trusted block; several at once with spaces or line ends between them",
    opensField: true,
    possible: isRead,
    run: model => {
      model.dispatch({ type: "go", to: "trusted_cidrs" })
      model.dispatch({ type: "type" })
    },
  },
  {
    keys: ["delete", "backspace"],
    label: "delete",
    footer: true,
    help: "remove the block at the cursor",
    possible: ({ state }) => cursorOf(state).line !== undefined || "no block at the cursor",
    run: model => model.dispatch({ type: "remove" }),
  },
  {
    keys: ["esc"],
    label: "discard",
    now: model => (isTyping(model) ? "undo" : undefined),
    footer: true,
    inField: true,
    help: "cancel typing; again, discard all changes, after asking",
    possible: model => isTyping(model) || model.isAtStake,
    run: model => (isTyping(model) ? model.dispatch({ type: "undo" }) : model.discard()),
  },
  ...moving<GatewayModel>({
    down: { ...whileTyping, keys: ["down", "tab"], help: "next value; keeps what is typed" },
    up: { ...whileTyping, keys: ["up", "shift-tab"], help: "previous value; keeps what is typed" },
  }),
  ...moving<GatewayModel>({ down: { keys: ["j"] }, up: { keys: ["k"] }, top: {}, end: {} }),
  { keys: ["v"], label: "history", help: "who changed the settings, when and why", run: model => model.history() },
  {
    keys: ["q"],
    label: "leave",
    help: "leave opsdeck; asks if there are unsaved changes",
    possible: model => model.isAtStake,
    run: model => model.quit(),
  },
  {
    keys: ["ctrl-r"],
    label: "refresh",
    help: "reload and recount; your changes stay",
    run: model => model.refresh(),
  },
])
