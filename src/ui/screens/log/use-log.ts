import { useEffect, useRef } from "react"
import type { AccessLogEntry } from "../../../domain/access-log.ts"
import type { Term } from "../../../domain/access-log-filter.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { isUuid } from "../../../domain/uuid.ts"
import type { TailRow, TailSnapshot } from "../../../tail/protocol.ts"
import type { Pivoting } from "../../kit/destinations.ts"
import type { Copying } from "../../kit/export/copy.tsx"
import type { Savable } from "../../kit/export/save.tsx"
import { type Moving, pageOf } from "../../kit/moving.ts"
import type { ScreenModel, Size } from "../../kit/screen.ts"
import { useScreenReducer, useScreenRef, useShell } from "../../kit/shell.ts"
import { type Marks, marksReducer, noMarks } from "../../kit/table/marks.ts"
import { useStore } from "../../runtime/use-store.ts"
import { histogramBars, histogramRows } from "./histogram.ts"
import { logTaking } from "./log-export.ts"
import { type Bounds, initialLogState, type LogState, logReducer } from "./log-state.ts"
import { type MoversModel, useMovers } from "./movers/use-movers.ts"
import { type FilterModel, useFilter } from "./use-filter.ts"
import { type TimeModel, useTime } from "./use-time.ts"

export interface LogModel extends ScreenModel, Moving, Copying, Savable, FilterModel {
  /** Null until the tail has spoken once. */
  readonly snapshot: TailSnapshot | null
  readonly state: LogState
  /** The selected one; undefined for a row that is no request. */
  readonly entry: AccessLogEntry | undefined
  readonly pivoting: Pivoting
  readonly movers: MoversModel
  readonly time: TimeModel
  readonly marks: Marks<AccessLogEntry>
  readonly names: ReadonlyMap<string, string>
  readonly now: number
  oldest(): void
  resume(): void
  inspect(): void
  /** Marks the selected request, or no longer, and goes on to the next; the log stops where it was live. */
  mark(): void
  unmark(ids: readonly string[], last: readonly string[]): void
}

/** Rows that are not for entries: header, filter, column titles. */
const OTHER_ROWS = 3

const NO_BOUNDS: Bounds = { generation: 0, filter: "", start: 0, end: 0, seen: 0, stayedAt: null }

/**
 * The log's model: the newest snapshot, where the operator is in it, and the filter, which is `initialFilter` at first; it
 * begins at the entry of the id `stayAt`, or live.
 */
export function useLog(initialFilter: string, size: Size, stayAt: string | null = null): LogModel {
  const shell = useShell()
  const { tail, names, clock, open, say } = shell
  /** The id to stay at on coming back; null for the newest, whatever it is. */
  const selected = useScreenRef<string | null>("selected", () => stayAt)
  /** Chosen in the detail, which is left with it. */
  const wanted = useScreenRef<Term | undefined>("wanted", () => undefined)
  const lastPivot = useScreenRef<string | undefined>("last pivot", () => undefined)
  const { snapshot, filter, stayNowhere, ...filtering } = useFilter(initialFilter, size.columns, selected, wanted)
  const { byId, trouble } = useStore(names.states)
  const now = useStore(clock.times)
  const height = size.rows - OTHER_ROWS - histogramRows(size.rows) - filtering.hint.length
  const bounds: Bounds = snapshot && filter.stayAt === null ? { ...snapshot, stayedAt: null } : (snapshot ?? NO_BOUNDS)
  const [kept, dispatch] = useScreenReducer("log", logReducer, () => initialLogState(height))
  const state = logReducer(kept, { type: "settle", height, bounds })

  const isBrought = state.placed !== kept.placed
  useEffect(() => {
    if (isBrought) dispatch({ type: "settle", height, bounds })
  })
  const entry = snapshot ? selectedEntry(snapshot, state) : undefined
  useEffect(() => {
    if (snapshot) selected.current = state.following ? null : (entry?.id ?? null)
  })

  const { following } = state
  const top = following ? 0 : state.top
  const bars = histogramBars(size.columns)
  useEffect(() => tail.view({ following, top, rows: height, bars }), [tail, following, top, height, bars])
  useEffect(() => {
    if (snapshot) names.want(snapshot.rows.flatMap(usersOf))
  }, [snapshot, names])
  useEffect(() => {
    if (trouble !== undefined) say(show(`users are shown by id: ${trouble}`), "look")
  }, [trouble, say])

  /** Only the newest question counts, and only while the log is in sight. */
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
    else say(shown`detail: this entry is no longer held`, "look")
  }

  const time = useTime(snapshot, state, {
    pause: () => dispatch({ type: "pause", height, bounds }),
    goTo: ordinal => dispatch({ type: "goTo", ordinal, height, bounds }),
  })
  const movers = useMovers(snapshot, { columns: size.columns, height: height + 1 }, filtering.narrow)
  const [marks, changeMarks] = useScreenReducer("marks", marksReducer<AccessLogEntry>, noMarks<AccessLogEntry>)
  const isEmpty = bounds.start === bounds.end
  return {
    ...filtering,
    ...logTaking({ shell, filter, entry, marks, names: byId, isEmpty }),
    snapshot,
    state,
    entry,
    pivoting: { last: lastPivot, take: filtering.narrow },
    movers,
    time,
    marks,
    names: byId,
    now,
    page: pageOf(state.height),
    move: by => {
      time.stopLooking()
      dispatch({ type: "move", by, height, bounds })
      if (by < 0 && state.cursor + by - bounds.start < height) tail.loadOlder()
    },
    click: row => {
      const by = state.top + row - (size.rows - height) - state.cursor
      const isRow = !movers.isInstead && row >= size.rows - height && state.cursor + by < bounds.end
      if (isRow) dispatch({ type: "move", by, height, bounds })
    },
    oldest: () => {
      time.stopLooking()
      dispatch({ type: "oldest", height, bounds })
      tail.loadOlder()
    },
    resume: () => {
      time.stopLooking()
      stayNowhere()
      dispatch({ type: "resume", height, bounds })
    },
    inspect: () => void inspect(),
    mark: () => {
      if (entry === undefined) return
      changeMarks({ type: "toggle", id: entry.id, row: entry })
      dispatch(following ? { type: "pause", height, bounds } : { type: "move", by: 1, height, bounds })
    },
    unmark: (ids, last) => changeMarks({ type: "drop", ids, last }),
  }
}

/** The users whose names the row shows: the entry's, or that of an alert's figure. */
function usersOf(row: TailRow): string[] {
  if (row.kind === "entry") return [row.entry.user_id]
  return row.kind === "alert" && isUuid(row.of) ? [row.of] : []
}

function selectedEntry({ rows, rowsFrom }: TailSnapshot, { cursor }: LogState): AccessLogEntry | undefined {
  const row = rows[cursor - rowsFrom]
  return row?.kind === "entry" ? row.entry : undefined
}
