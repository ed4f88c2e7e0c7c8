import { Box } from "ink"
import type { AuditEntry } from "../../../domain/audit-entry.ts"
import type { GatewayInspection } from "../../../domain/gateway.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { failureLines, stalePieces } from "../../kit/failure-lines.ts"
import { stopsOf } from "../../kit/form/cells-state.ts"
import { defineScreen, type Size } from "../../kit/screen.ts"
import { Lines, type Piece, piece } from "../../widgets/line.tsx"
import { hanging } from "../../widgets/wrap.ts"
import { actorName } from "../shared/audit-columns.ts"
import { whatWasDone } from "../shared/audit-what.ts"
import { member } from "../shared/members.ts"
import { copyLines, isNamed, statePieces } from "./gateway-copies.ts"
import { hitLines, moment } from "./gateway-hits.ts"
import { gatewayBindings } from "./gateway-keys.ts"
import { gatewayLines } from "./gateway-lines.ts"
import { gatewayRows } from "./gateway-rows.ts"
import { type GatewayModel, useGateway } from "./use-gateway.ts"

const declaration = {
  title: "Gateway",
  shortTitle: "Gate",
  summary: "the gateway's settings: trusted proxies, risk threshold, rate limit",
  bindings: gatewayBindings,
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
  return [
    title,
    isChanged ? piece(shown`   not saved yet`, "look") : piece(shown``),
    ...statePieces(inspection, model.owed),
  ]
}

/** Share of the rows that the states of named gateways have to themselves; more of them scroll with the rest. */
const STATES = 1 / 3

/** Returns the lines that fit below the title, with the cursor and the headings of the columns in view. */
function bodyLines(model: GatewayModel, size: Size): Piece[][] {
  const { inspection, failure } = model
  const { columns } = size
  const rows = size.rows - 1
  if (inspection === undefined) {
    return failure ? failureLines(failure, columns) : [[piece(shown` reading the gateway's settings…`, "dim")]]
  }
  const states = copyLines(inspection, columns)
  const staysPut = isNamed(inspection.copies) && states.length <= rows * STATES
  if (!staysPut) return scrollingLines(model, inspection, states, { columns, rows })
  return [...states, ...scrollingLines(model, inspection, [], { columns, rows: rows - states.length })]
}

function scrollingLines(
  { state, saved, simulation, lastChange, now }: GatewayModel,
  inspection: GatewayInspection,
  first: Piece[][],
  { columns, rows }: Size,
): Piece[][] {
  const table = gatewayLines(gatewayRows(inspection, state, saved), inspection, columns)
  const unreadable = inspection.unreadable.flatMap(text =>
    hanging(piece(shown` ▲ `, "act"), show(text, 512), columns, "act"),
  )
  const above = [...first, ...unreadable]
  const hits = hitLines(simulation, now, columns)
  const last = lastChange ? hanging(piece(shown` `), lastChangeText(lastChange, now), columns, "dim") : []
  const lines = [...above, ...table.lines, [], ...hits, ...last]
  const at = above.length + table.at
  // The first and the last stop show what is above and below them.
  const isLast = state.form.focus === stopsOf(state).at(-1)?.name
  const end = isLast ? lines.length : Math.min(at + 3, lines.length)
  const top = Math.min(at - 1, Math.max(0, end - rows))
  const inSight = lines.slice(top, top + rows)
  return top > above.length ? [...table.lines.slice(0, 1), ...inSight.slice(1)] : inSight
}

/** `Last changed 14:02:31 by alice: risk_reject_threshold (credential stuffing).` `now` is in ms since the epoch. */
function lastChangeText(entry: AuditEntry, now: number): Shown {
  const who = show(actorName(entry) ?? "somebody", 64)
  const reason = member(entry.metadata, "reason")
  const why = typeof reason === "string" ? shown` (${show(reason, 256)})` : shown``
  return shown`Last changed ${moment(entry.ts, now)} by ${who}: ${whatWasDone(entry)[0]}${why}.`
}
