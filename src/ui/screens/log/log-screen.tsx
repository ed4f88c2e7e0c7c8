import { Box } from "ink"
import { useMemo } from "react"
import { TERM_KINDS } from "../../../domain/access-log-filter.ts"
import { shown } from "../../../domain/safe-text.ts"
import type { TailSnapshot } from "../../../tail/protocol.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Destinations } from "../../kit/destinations.ts"
import { copyBinding } from "../../kit/export/copy.tsx"
import { saveBinding } from "../../kit/export/save.tsx"
import { moving } from "../../kit/moving.ts"
import { defineScreen, type Size, type Topic } from "../../kit/screen.ts"
import { columnsBinding, useColumns } from "../../kit/table/columns.tsx"
import { Line, Lines, piece, sideBySide } from "../../widgets/line.tsx"
import { headerPieces, layOut } from "../../widgets/table.tsx"
import { changesBinding } from "./changes/changes-key.ts"
import { entryLinks, NO_REQUEST, onRequest, userBinding } from "./entry-links.ts"
import { entryScreen } from "./entry-screen.tsx"
import { FilterLine } from "./filter-line.tsx"
import { gatewayPieces } from "./gateway-pieces.ts"
import { histogramLines, histogramRows, insteadLines } from "./histogram.ts"
import { LogHeader } from "./log-header.tsx"
import { deviationBinding, findBindings, leaveBinding, stepBindings, timeBindings, typingBindings } from "./log-keys.ts"
import { logRows } from "./log-rows.ts"
import { moversBindings, orderBindings, panelBindings } from "./movers/movers-keys.ts"
import { pinBinding, pinMover } from "./pin.ts"
import { pivotScreen } from "./pivot.tsx"
import { type LogModel, useLog } from "./use-log.ts"
import { zoomBindings } from "./zoom/zoom-keys.ts"

const onEntry = ({ snapshot, state }: LogModel) => {
  if (snapshot === null || snapshot.end === snapshot.start) return "no row is selected"
  const row = snapshot.rows[state.cursor - snapshot.rowsFrom]
  return !row || row.kind === "entry" || NO_REQUEST
}

const bindings: readonly Binding<LogModel>[] = [
  ...typingBindings,
  {
    keys: ["enter", "d"],
    label: "detail",
    footer: true,
    help: "every field of the selected entry",
    possible: onEntry,
    run: model => model.inspect(),
  },
  leaveBinding,
  userBinding,
  ...panelBindings,
  ...entryLinks,
  deviationBinding,
  ...stepBindings,
  ...timeBindings,
  ...zoomBindings,
  changesBinding,
  ...findBindings,
  {
    keys: [" "],
    label: "mark",
    footer: true,
    help: "mark or unmark the selected request; pauses a live log",
    possible: onRequest,
    run: model => model.mark(),
  },
  pinBinding("pin the selected request, or the marked ones, to the open incident", ({ entry, marks }: LogModel) => {
    if (marks.marked.size > 0) return [...marks.marked.values()]
    return entry === undefined ? NO_REQUEST : [entry]
  }),
  copyBinding("copy the selected request, a field of it, or the marked ones"),
  saveBinding(
    "save the marked requests, or all that match to the start of the stream, in the past 10 000 from the selected one back, as NDJSON or CSV",
  ),
  columnsBinding(
    "log",
    ({ declared }) => declared,
    ({ ownColumns }) => ownColumns,
  ),
  {
    keys: ["G", "end"],
    label: "go live",
    footer: true,
    help: "follow the newest entries, also from the past",
    possible: model => !model.state.following,
    run: model => model.resume(),
  },
  ...moving<LogModel>({
    up: {
      label: "pause, up",
      footer: true,
      help: "up, which pauses; past the oldest row, older pages, then the history",
    },
    down: {},
    "page up": {},
    "page down": {},
    top: { label: "oldest", help: "the oldest row, and the page before it", run: model => model.oldest() },
  }),
  ...orderBindings,
]

const topics: readonly Topic[] = [
  {
    title: "The filter: terms are ANDed, - negates, a,b is either",
    entries: TERM_KINDS.map(({ example, help }) => [example, help] as const),
  },
  {
    title: "Movers: of the requests that match the filter, until now",
    entries: [
      ["4 of 589+", "values shown of all values; + means at least; v shows more"],
      ["1 req", "too few for a rate: the number of requests in the window"],
      ["4xx/s +-/s", "what they are ordered by: refusals, failures or the change, a second"],
      ["~0.4", "at most this many a second; some may belong to another value"],
      ["4xx 5xx", "share of its requests refused (4xx) and failed (5xx)"],
      ["p95", "95th percentile of its requests, within 20 %"],
      ["vs before", "change from the previous window; new had no requests, - was not measured"],
      ["2m seen", "only this much of the window was read; rates are based on it"],
    ],
  },
  {
    title: "What stands out: in the last 5 minutes, of the requests that match the filter",
    entries: [
      [
        "a/24: 87% of theirs refused on /x",
        "of all requests of this network (or user) 87% are answered 4xx there, far more than of others",
      ],
      [
        "/x: 40% of its requests failed",
        "40% of all on this path are answered 5xx, far more than elsewhere or than before",
      ],
      [
        "from 4 to 210/min",
        "so many a minute in the 5 minutes before it began, and so many now; left out where these are alike",
      ],
      ["a/24 +2", "two more deviate alike; w filters by all of them"],
    ],
  },
]

const declaration = {
  title: "Log",
  summary: "the gateway's requests as they happen",
  bindings,
  pane: {
    scope: "movers",
    title: "Movers, beside the log",
    bindings: [...moversBindings, pinMover, deviationBinding, ...typingBindings, ...stepBindings, ...panelBindings],
    hasKeyboard: ({ movers }: LogModel) => movers.hasKeyboard,
  },
  topics,
  inside: [entryScreen, pivotScreen],
  Body: LogBody,
}

/** Live log of the gateway's requests. */
export const logScreen = defineScreen<void, LogModel>({
  ...declaration,
  id: "log",
  tabKey: "1",
  useModel: (_, size) => useLog("", size),
})

/** Log with an initial filter over the screen that opened it; live, or at an entry. */
export const filteredLogScreen = defineScreen<Destinations["logOf"], LogModel>({
  ...declaration,
  id: "filtered-log",
  scope: "log",
  argument: { behind: "log", expects: "a filter", choices: [], read: filter => ({ filter }) },
  useModel: ({ filter, stayAt }, size) => useLog(filter, size, stayAt),
})

/** Counts the rows in sight that have the text that is searched for. */
const foundInSight = ({ rows, rowsFrom }: TailSnapshot, { top, height }: LogModel["state"]) =>
  rows.filter((row, at) => row.kind === "entry" && row.isFound && rowsFrom + at >= top && rowsFrom + at < top + height)
    .length

function LogBody({ model, size }: { model: LogModel; size: Size }) {
  const { columns } = size
  const { snapshot, state, movers, time, zoom } = model
  const { ownColumns: own } = model
  const chosen = useColumns("log", model.declared)
  const layout = useMemo(() => layOut(chosen, own), [chosen, own])
  const typing = (
    <>
      <FilterLine
        editing={model.editing}
        inForce={snapshot?.filter ?? ""}
        find={model.find}
        found={snapshot ? foundInSight(snapshot, state) : 0}
        marked={model.marks.marked.size}
        columns={columns}
      />
      <Lines lines={model.hint} columns={columns} />
    </>
  )
  if (!snapshot) {
    return (
      <Box flexDirection="column">
        <Line pieces={[piece(shown` ○ starting`, "look")]} columns={columns} />
        {typing}
      </Box>
    )
  }
  const rows = () => [
    headerPieces(layout),
    ...logRows({
      snapshot,
      state,
      layout,
      names: model.names,
      marked: model.marks.marked,
      find: model.find.search?.text,
      missing: model.missing,
      hasKeyboard: !movers.hasKeyboard,
      isTyping: model.isTyping,
      size: { columns: own, rows: state.height },
    }),
  ]
  const { timeline, matchTimeline } = snapshot
  const held = matchTimeline ? { timeline: matchTimeline, all: timeline } : { timeline, all: null }
  const drawn = zoom.timeline ? { timeline: zoom.timeline, all: null } : held
  const histogram =
    zoom.instead === undefined
      ? histogramLines(
          { ...drawn, level: zoom.level, selected: time.selectedBar, now: model.now, columns },
          histogramRows(size.rows, zoom.level),
        )
      : insteadLines(zoom.level, zoom.instead, histogramRows(size.rows, zoom.level))
  const lines = movers.isInstead ? movers.panel : own < columns ? sideBySide(rows(), movers.panel, own) : rows()
  const gatewayLines = snapshot.gateways.length === 0 ? [] : [gatewayPieces(snapshot.gateways, model.now, columns)]
  return (
    <Box flexDirection="column">
      <LogHeader
        snapshot={snapshot}
        state={state}
        isLooking={time.isLooking}
        isMissing={model.missing !== null}
        isTyping={model.isTyping}
        now={model.now}
        columns={columns}
      />
      <Lines lines={gatewayLines} columns={columns} />
      <Lines lines={histogram} columns={columns} />
      {typing}
      <Lines lines={model.deviationLines} columns={columns} />
      <Lines lines={lines} columns={columns} />
    </Box>
  )
}
