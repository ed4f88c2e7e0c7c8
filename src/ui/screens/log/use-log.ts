import { useEffect, useMemo, useRef } from "react"
import type { AccessLogEntry } from "../../../domain/access-log.ts"
import type { Term } from "../../../domain/access-log-filter.ts"
import { entryName, orderOfName } from "../../../domain/entry-name.ts"
import type { Deviation } from "../../../domain/movers/deviations.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { isUuid } from "../../../domain/uuid.ts"
import type { TailRow, TailSnapshot } from "../../../tail/protocol.ts"
import { pageOf } from "../../kit/moving.ts"
import type { Size } from "../../kit/screen.ts"
import { useScreenReducer, useScreenRef, useShell } from "../../kit/shell.ts"
import { marksReducer, noMarks } from "../../kit/table/marks.ts"
import { listExport } from "../../kit/table/table-export.ts"
import { useStore } from "../../runtime/use-store.ts"
import { columnsWith, logColumns } from "../shared/log-columns.ts"
import { deviationLines, mostDeviations } from "./deviations.ts"
import { histogramBars, histogramRows } from "./histogram.ts"
import { LOG_ENTRIES, logOf, matchSource } from "./log-export.ts"
import { type Bounds, initialLogState, type LogState, logReducer } from "./log-state.ts"
import { useMovers } from "./movers/use-movers.ts"
import { useEmptyLog } from "./use-empty-log.ts"
import { useFilter } from "./use-filter.ts"
import { useFind } from "./use-find.ts"
import { msAt, useTime } from "./use-time.ts"
import { useLevel, useZoom } from "./zoom/use-zoom.ts"

export type LogModel = ReturnType<typeof useLog>

/** Rows of header, filter and column titles. */
const OTHER_ROWS = 3

const NO_BOUNDS: Bounds = { generation: 0, filter: "", start: 0, end: 0, newest: 0, seen: 0, stayedAt: null }

/** Makes the model of the log, which begins with `initialFilter` at the entry of the id `stayAt`, or live. */
export function useLog(initialFilter: string, size: Size, stayAt: string | null = null) {
  const shell = useShell()
  const { tail, names, clock, open, say } = shell
  /** Id to stay at on coming back; null for the newest. */
  const selected = useScreenRef<string | null>("selected", () => stayAt)
  /** Term chosen on the screen of an entry. */
  const wanted = useScreenRef<Term | undefined>("wanted", () => undefined)
  const lastPivot = useScreenRef<string | undefined>("last pivot", () => undefined)
  /** Ends the search for a place under the filter before. */
  const leaving = useRef(() => {})
  const filtering = useFilter(initialFilter, size.columns, selected, wanted, leaving)
  const { snapshot, filter } = filtering
  const { byId, trouble } = useStore(names.states)
  const now = useStore(clock.times)
  const level = useLevel()
  const deviations = snapshot?.deviations ?? []
  const standOut = deviations.slice(0, mostDeviations(size.rows))
  const gatewayNames = (snapshot?.gateways ?? []).map(({ gateway }) => gateway).join(" ")
  const hasGateways = gatewayNames !== ""
  const declared = useMemo(
    () => (gatewayNames === "" ? logColumns : columnsWith(gatewayNames.split(" "))),
    [gatewayNames],
  )
  const besides = filtering.hint.length + standOut.length + (hasGateways ? 1 : 0)
  const height = size.rows - OTHER_ROWS - histogramRows(size.rows, level[0].level) - besides
  const bounds: Bounds = snapshot && filter.stayAt === null ? { ...snapshot, stayedAt: null } : (snapshot ?? NO_BOUNDS)
  const [kept, dispatch] = useScreenReducer("log", logReducer, () => initialLogState(height))
  const state = logReducer(kept, { type: "settle", height, bounds })

  const isBrought = state.placed !== kept.placed
  useEffect(() => {
    if (isBrought) dispatch({ type: "settle", height, bounds })
  })
  const entry = snapshot ? selectedEntry(snapshot, state) : undefined
  useEffect(() => {
    if (snapshot) selected.current = state.following ? null : entry ? entryName(entry) : null
  })

  const { following } = state
  const top = following ? 0 : state.top
  const bars = histogramBars(size.columns)
  useEffect(() => tail.view({ following, top, rows: height, bars }), [tail, following, top, height, bars])
  useEffect(() => {
    if (snapshot) names.request([...snapshot.rows.flatMap(namedIn), ...snapshot.deviations.flatMap(usersIn)])
  }, [snapshot, names])
  useEffect(() => {
    if (trouble !== undefined) say(show(`users are shown by id: ${trouble}`), "look")
  }, [trouble, say])

  /** Number of the newest inspection; older answers are ignored, and all of them once the log is left. */
  const question = useRef(0)
  useEffect(() => () => void question.current++, [])
  const inspect = async () => {
    const mine = ++question.current
    const inspection = await tail.inspect(state.generation, state.cursor)
    if (mine !== question.current) return
    const take = (term: Term) => {
      wanted.current = term
    }
    if (inspection) open("entry", { ...inspection, pivoting: { last: lastPivot, take } })
    else say(shown`this entry is no longer in the buffer`, "look")
  }

  const rowMs = following || !snapshot ? undefined : msAt(snapshot, state.cursor)
  const zoom = useZoom(level, snapshot, rowMs, bars)
  const cursor = {
    pause: () => dispatch({ type: "pause", height, bounds }),
    resume: () => dispatch({ type: "resume", height, bounds }),
    goTo: (ordinal: number) => dispatch({ type: "goTo", ordinal, height, bounds }),
  }
  const time = useTime(snapshot, state, cursor, zoom, filtering.isChanging)
  leaving.current = time.stopLooking
  const find = useFind(by => time.step({ row: "found", by }))
  const isTyping = filtering.editing !== undefined || find.line.typing !== undefined
  const past = snapshot?.past && entry ? { ordinal: state.cursor, entry } : undefined
  const [marks, changeMarks] = useScreenReducer("marks", marksReducer<AccessLogEntry>, noMarks<AccessLogEntry>)
  const movers = useMovers(snapshot, { columns: size.columns, height: height + 1, isTyping }, filtering.narrow, {
    ...{ isPast: snapshot?.past != null, level: zoom.level, isRecorded: zoom.isRecorded },
    ...{ timeline: time.timeline, selectedBar: time.selectedBar, rowMs },
    marked: [...marks.marked.keys()].map(name => orderOfName(name)[0]),
  })
  const acts = {
    inspect: () => void inspect(),
    move: (by: number) => {
      dispatch({ type: "move", by, height, bounds })
      if (by < 0 && state.cursor + by - bounds.start < height) tail.loadOlder()
    },
    oldest: () => {
      dispatch({ type: "oldest", height, bounds })
      tail.loadOlder()
    },
  }
  const newest = useRef(acts)
  newest.current = acts
  /** Does what a key asks of the rows, which are those of the filter that was asked for before it. */
  const inTurn = (act: (on: typeof acts) => void) =>
    filtering.isChanging() ? time.whenThere(() => act(newest.current)) : act(acts)
  /** The same, which ends the search for a place. */
  const leadingAway = (act: (on: typeof acts) => void) => {
    if (!filtering.isChanging()) time.stopLooking()
    inTurn(act)
  }
  return {
    ...filtering,
    ...listExport({
      shell,
      command: logOf(byId),
      given: { filter: filter.text || undefined, until: past?.entry.id },
      noun: LOG_ENTRIES,
      name: "log",
      selected: entry,
      marks,
      isEmpty: bounds.start === bounds.end,
      all: matchSource(shell, { ...filter, stayAt: null }, past),
      without: hasGateways ? [] : ["gateway"],
    }),
    state,
    /** Selected request; undefined for a marker. */
    entry,
    pivoting: { last: lastPivot, take: filtering.narrow },
    find,
    field: filtering.field ?? find.line.field,
    movers,
    /** Columns that the log may have. */
    declared,
    /** Columns of the terminal that the log has beside the movers. */
    ownColumns: size.columns - (movers.columns > 0 ? movers.columns + 1 : 0),
    deviations,
    deviationLines: deviationLines(standOut, deviations.length - standOut.length, byId, size.columns, isTyping),
    /** A field has the keyboard: letters are text. */
    isTyping,
    time,
    zoom,
    marks,
    names: byId,
    missing: useEmptyLog(snapshot ?? null),
    now,
    page: pageOf(state.height),
    move: (by: number) => leadingAway(log => log.move(by)),
    click: (row: number) => {
      const by = state.top + row - (size.rows - height) - state.cursor
      const isRow = !movers.isInstead && row >= size.rows - height && state.cursor + by < bounds.end
      if (isRow) dispatch({ type: "move", by, height, bounds })
    },
    oldest: () => leadingAway(log => log.oldest()),
    resume: () => {
      time.stopLooking()
      filtering.stayNowhere()
      tail.cancelSearch()
      zoom.showChosen()
      dispatch({ type: "resume", height, bounds })
    },
    inspect: () => inTurn(log => log.inspect()),
    /** Marks or unmarks the selected request; a live log pauses there, else the next one is selected. */
    mark: () => {
      if (entry === undefined) return
      changeMarks({ type: "toggle", id: entryName(entry), row: entry })
      dispatch(following ? { type: "pause", height, bounds } : { type: "move", by: 1, height, bounds })
    },
    unmark: (ids: readonly string[], last: readonly string[]) => changeMarks({ type: "drop", ids, last }),
  }
}

/** Returns the ids of whom a row, or a dialog about it, names: user and organization of an entry, the user of an alert. */
function namedIn(row: TailRow): string[] {
  if (row.kind === "entry") return [row.entry.user_id, row.entry.org_id]
  return row.kind === "alert" && isUuid(row.of) ? [row.of] : []
}

/** Returns the users whose names what stands out shows. */
const usersIn = ({ key, values }: Deviation): string[] => (key === "user" ? values.filter(isUuid) : [])

function selectedEntry({ rows, rowsFrom }: TailSnapshot, { cursor }: LogState): AccessLogEntry | undefined {
  const row = rows[cursor - rowsFrom]
  return row?.kind === "entry" ? row.entry : undefined
}
