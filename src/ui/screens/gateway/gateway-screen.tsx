import { Box } from "ink"
import type { GatewayInspection } from "../../../domain/gateway.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { defineBindings } from "../../keys/binding.ts"
import { failureLines, stalePieces } from "../../kit/failure-lines.ts"
import { cursorOf, stopsOf } from "../../kit/form/cells-state.ts"
import { focusedField } from "../../kit/form/form-state.ts"
import { moving } from "../../kit/moving.ts"
import { defineScreen, type Size } from "../../kit/screen.ts"
import { Lines, type Piece, piece } from "../../widgets/line.tsx"
import { hanging } from "../../widgets/wrap.ts"
import { lastChangeText } from "./gateway-change.ts"
import { hitLines } from "./gateway-hits.ts"
import { gatewayLines } from "./gateway-lines.ts"
import { gatewayRows } from "./gateway-rows.ts"
import { type GatewayModel, useGateway } from "./use-gateway.ts"

const isRead = ({ inspection }: GatewayModel) => inspection !== undefined || "nothing is read yet"
const isTyping = ({ state }: GatewayModel) => state.typing !== undefined
const atMode = (model: GatewayModel) =>
  model.inspection !== undefined && focusedField(model.state.form)?.kind === "choice"

const whileTyping = { inField: true, possible: isRead }

const declaration = {
  title: "Gateway",
  summary: "whom the gateway trusts and whom it rejects",
  bindings: defineBindings<GatewayModel>([
    {
      keys: ["ctrl-s"],
      label: "save",
      changes: true,
      footer: "kept",
      inField: true,
      help: "show what is changed and what that means, ask why, and save it",
      possible: isRead,
      run: model => model.save(),
    },
    {
      keys: ["F"],
      label: "fix drift",
      changes: true,
      footer: "urgent",
      help: "write the settings in the database to the gateway's copy",
      possible: model => model.inspection?.repairable ?? false,
      run: model => model.repair(),
    },
    {
      keys: ["enter"],
      label: "edit",
      now: model => (isTyping(model) ? "take" : atMode(model) ? "next mode" : undefined),
      footer: true,
      inField: true,
      help: "type in the value at the cursor; the next mode; ends the typing",
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
      keys: ["d", "delete", "backspace"],
      label: "delete",
      footer: true,
      help: "take the block at the cursor off the list",
      possible: ({ state }) => cursorOf(state).line !== undefined || "the cursor is at no block",
      run: model => model.dispatch({ type: "remove" }),
    },
    {
      keys: ["esc"],
      label: "give up",
      now: model => (isTyping(model) ? "undo" : undefined),
      footer: true,
      inField: true,
      help: "give up what is being typed; then all that is proposed, after asking",
      possible: model => isTyping(model) || model.isAtStake,
      run: model => (isTyping(model) ? model.dispatch({ type: "undo" }) : model.discard()),
    },
    ...moving<GatewayModel>({
      down: { ...whileTyping, keys: ["down", "tab"], help: "to the next value; takes what is typed" },
      up: { ...whileTyping, keys: ["up", "shift-tab"], help: "to the value before; takes what is typed" },
    }),
    ...moving<GatewayModel>({ down: { keys: ["j"] }, up: { keys: ["k"] }, top: {}, end: {} }),
    { keys: ["h"], label: "history", help: "who changed the settings, when and why", run: model => model.history() },
    {
      keys: ["q"],
      label: "leave",
      help: "leave opsdeck; asks where something is proposed and not saved",
      possible: model => model.isAtStake,
      run: model => model.quit(),
    },
    {
      keys: ["ctrl-r"],
      label: "refresh",
      help: "read and count it again; what you propose stays",
      run: model => model.refresh(),
    },
  ]),
  Body: ({ model, size }: { model: GatewayModel; size: Size }) => {
    const lines = bodyLines(model, size)
    return (
      <Box flexDirection="column">
        <Lines lines={[titlePieces(model), ...lines]} columns={size.columns} />
      </Box>
    )
  },
}

/** Screen of the gateway's settings: database, gateway's copy, and proposal. */
export const gatewayScreen = defineScreen<void, GatewayModel>({
  ...declaration,
  id: "gateway",
  tabKey: "9",
  useModel: () => useGateway(),
})

/** Screen of the gateway's settings with a proposed threshold, over the screen that opened it. */
export const thresholdScreen = defineScreen<{ threshold: number }, GatewayModel>({
  ...declaration,
  id: "threshold",
  scope: "gateway",
  useModel: ({ threshold }) => useGateway(threshold),
})

function titlePieces(model: GatewayModel): Piece[] {
  const { inspection, isChanged, failure, asOf, now } = model
  const title = piece(shown` Gateway`, "strong")
  if (inspection === undefined) return [title]
  if (failure) return [title, piece(shown`  `), ...stalePieces(asOf, now, failure)]
  return [title, isChanged ? piece(shown`   not saved yet`, "look") : piece(shown``), standingPiece(inspection, model)]
}

/** Tells whether the gateway's copy equals what is saved. */
function standingPiece({ drift, repairable, trouble }: GatewayInspection, { isOwed }: GatewayModel): Piece {
  if (isOwed) return piece(shown`   ▲ saved, not yet in force: R retries`, "act")
  if (trouble !== null) return piece(shown`   ▲ the gateway's copy is not known`, "act")
  if (repairable) return piece(shown`   ▲ drift: F repairs the gateway's copy`, "look")
  return drift.length > 0
    ? piece(shown`   ▲ what the database says cannot be read`, "act")
    : piece(shown`   in sync`, "good")
}

/** Returns the lines that fit below the title, with the cursor in view. */
function bodyLines(model: GatewayModel, size: Size): Piece[][] {
  const { inspection, failure, state, saved, simulation, lastChange, now } = model
  const { columns } = size
  const rows = size.rows - 1
  if (inspection === undefined) {
    return failure ? failureLines(failure, columns) : [[piece(shown` reading the gateway's settings…`, "dim")]]
  }
  const table = gatewayLines(gatewayRows(inspection, state, saved), inspection, columns)
  const troubles = [...(inspection.trouble === null ? [] : [inspection.trouble]), ...inspection.unreadable]
  const above = troubles.flatMap(text => hanging(piece(shown` ▲ `, "act"), show(text, 512), columns, "act"))
  const hits = hitLines(simulation, now, columns)
  const last = lastChange ? hanging(piece(shown` `), lastChangeText(lastChange, now), columns, "dim") : []
  const lines = [...above, ...table.lines, [], ...hits, ...last]
  const at = above.length + table.at
  // The first and the last stop show what is above and below them.
  const isLast = state.form.focus === stopsOf(state).at(-1)?.name
  const end = isLast ? lines.length : Math.min(at + 3, lines.length)
  const top = Math.min(at, Math.max(0, end - rows))
  return lines.slice(top, top + rows)
}
