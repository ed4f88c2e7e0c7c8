import { Box } from "ink"
import { useEffect, useMemo } from "react"
import { type AccessLogEntry, shownTime } from "../../../domain/access-log.ts"
import type { Term } from "../../../domain/access-log-filter.ts"
import { entryName } from "../../../domain/entry-name.ts"
import { fit, type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { Inspection } from "../../../tail/protocol.ts"
import type { Destinations } from "../../kit/destinations.ts"
import { selectionBindings, useSelection } from "../../kit/detail/selection.ts"
import { copyBinding } from "../../kit/export/copy.tsx"
import { defineScreen, type Size } from "../../kit/screen.ts"
import { type Shell, useShell } from "../../kit/shell.ts"
import { useStore } from "../../runtime/use-store.ts"
import { endsCell } from "../../widgets/cells.ts"
import { day, grouped, timeOfDay } from "../../widgets/format.ts"
import { Line, type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import { MARK } from "../../widgets/table.tsx"
import { hanging } from "../../widgets/wrap.ts"
import { zone } from "../../widgets/zone.ts"
import { riskTone, statusTone } from "../shared/log-columns.ts"
import { entryLinks, userBinding } from "./entry-links.ts"
import { entryCall, entryChoices } from "./log-export.ts"
import { pinBinding } from "./pin.ts"
import { type EntryLine, seenLines, useSeenFrom } from "./seen-from.ts"

/** Screen of one entry: its meaning first, then who was seen from its address, then every field as it is in the stream. */
export const entryScreen = defineScreen({
  id: "entry",
  title: "Entry",
  summary: "one request with every field",
  bindings: [
    {
      keys: ["enter"],
      label: "open",
      footer: true,
      help: "open the selected user, who was seen from the same address",
      possible: ({ selected }) => selected !== undefined,
      run: ({ selected, shell }) => selected !== undefined && shell.open("user", { id: selected }),
    },
    userBinding,
    ...entryLinks,
    {
      keys: ["c"],
      label: "context",
      footer: true,
      help: "the requests before and after it, without a filter",
      run: ({ shell, entry }) => shell.open("logOf", { filter: "", stayAt: entryName(entry) }),
    },
    pinBinding("pin the request to the open incident", ({ entry }: { entry: AccessLogEntry; shell: Shell }) => [entry]),
    copyBinding("copy the request, or one of its fields"),
    ...selectionBindings,
  ],
  useModel: (inspection: Destinations["entry"], size: Size) => {
    const shell = useShell()
    const { byId } = useStore(shell.names.states)
    const { user_id, org_id } = inspection.entry
    const [username, orgName] = [byId.get(user_id), byId.get(org_id)]
    const { columns } = size
    const times = useStore(zone)
    useEffect(() => shell.names.request([user_id, org_id]), [shell.names, user_id, org_id])
    // A field may be a megabyte, and the clock ticks.
    // biome-ignore lint/correctness/useExhaustiveDependencies: the times in them are those of the zone
    const fields = useMemo(
      () => entryLines(inspection, { username, orgName }, columns),
      [inspection, username, orgName, columns, times],
    )
    const { entry, pivoting } = inspection
    const seen = useSeenFrom(entry)
    const lines: EntryLine[] = [
      ...fields.meaning.map(pieces => ({ pieces })),
      ...seenLines(seen, entry, byId),
      ...fields.every.map(pieces => ({ pieces })),
    ]
    const height = size.rows - TITLE_ROWS
    const selection = useSelection({ keys: lines.map(({ key }) => key), height }, seen !== undefined)
    const take = (term: Term) => {
      pivoting.take(term)
      shell.back()
    }
    return {
      entry,
      pivoting: { ...pivoting, take },
      shell,
      lines,
      command: entryCall(entry),
      copies: () => entryChoices(entry, byId),
      ...selection,
      selected: selection.state.selected,
    }
  },
  Body: ({ model: { lines, state, height, entry }, size }) => (
    <Box flexDirection="column">
      <Line pieces={titlePieces(entry, lines.length - state.top - height, size.columns)} columns={size.columns} />
      {lines.slice(state.top, state.top + height).map(({ pieces, key }, index) => {
        const isSelected = key !== undefined && key === state.selected
        return (
          <Line
            key={state.top + index}
            pieces={isSelected ? [piece(shown` ${MARK} `), ...pieces.slice(1)] : pieces}
            columns={size.columns}
            selected={isSelected}
          />
        )
      })}
    </Box>
  ),
})

const TITLE_ROWS = 1
const LEAST_PATH = 12
const LABEL = 16

/** Draws the id of an entry, how many lines are below the screen, and when it was. */
function titlePieces(entry: AccessLogEntry, below: number, columns: number): Piece[] {
  const title = [piece(shown` Entry `, "dim"), piece(show(entryName(entry)), "strong")]
  const more = below > 0 ? [piece(shown`   ${below} more below`, "dim")] : []
  const when = [piece(day(shownTime(entry)), "dim"), piece(shown` ${timeOfDay(shownTime(entry), true)} `)]
  return spread([...title, ...more], when, columns)
}

/** Draws what an entry means, and every field of it. */
function entryLines(
  { entry, pairs }: Inspection,
  { username, orgName }: Readonly<Record<"username" | "orgName", string | undefined>>,
  columns: number,
) {
  const risk = entry.risk_score
  const status = entry.status_code
  const place = [entry.city, entry.country].filter(text => text !== "").join(", ")
  const outcome = [
    piece(status === null ? shown`no status` : shown`${status}`, statusTone(status)),
    piece(entry.duration_ms === null ? shown`` : shown` in ${grouped(entry.duration_ms)} ms`),
    piece(risk === null ? shown`` : shown`   risk ${show(risk.toFixed(2))} `, riskTone(risk)),
  ]
  const method = piece(shown` ${show(entry.method)} `, "strong")
  const path = endsCell(entry.path, Math.max(LEAST_PATH, columns - piecesWidth([method, ...outcome]) - 2))
  const meaning = [
    spread([method, path], outcome, columns),
    [],
    ...(entry.gateway === undefined ? [] : labelled(shown`gateway`, show(entry.gateway), columns)),
    ...labelled(shown`trace`, show(entry.trace_id), columns),
    ...labelled(shown`client`, joined(entry.client_ip, place), columns),
    ...labelled(shown`agent`, joined(entry.ua_type, entry.user_agent), columns),
    ...labelled(shown`identity`, identityText(entry.identity_type), columns),
    ...labelled(shown`user`, joined(username ?? "", entry.user_id), columns),
    ...labelled(shown`organization`, joined(orgName ?? "", entry.org_id), columns),
    [],
  ]
  const every = [
    [piece(shown` All fields, as stored in the stream`, "dim")],
    ...pairs.flatMap(([name, value]) => labelled(show(name, 64), show(value, 1024 * 1024), columns)),
  ]
  return { meaning, every }
}

/** An anonymous request may be one by an API key. */
const identityText = (type: string): Shown =>
  type === "anonymous" ? shown`${show(type)}  (as most requests by API keys are logged)` : show(type)

/** Joins two texts, cut: the fields below are complete. */
const joined = (first: string, second: string): Shown =>
  show([first, second].filter(text => text !== "").join("  "), 1024)

/** Draws a name and its value, wrapped where long. */
function labelled(name: Shown, value: Shown, columns: number): Piece[][] {
  const label = piece(shown`   ${fit(name, LABEL)} `, "dim")
  return value === "" ? [[label, piece(shown`-`, "dim")]] : hanging(label, value, columns - 1)
}
