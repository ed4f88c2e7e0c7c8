import { useEffect, useRef, useState } from "react"
import type { AccessLogEntry } from "../../../domain/access-log.ts"
import { asDeckError } from "../../../domain/errors.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { readLogFilter } from "../../live/log-filter.ts"
import type { LogFilter, TailSnapshot } from "../../live/tail-protocol.ts"
import { useStore } from "../../live/use-store.ts"
import type { ScreenModel, Size } from "../../screen/screen.ts"
import { type Marks, marksReducer, noMarks } from "../../screen/table/marks.ts"
import { usePlaceReducer, usePlaceRef, useShell } from "../../shell/shell-context.ts"
import type { Copying } from "../../taking/copy.tsx"
import type { Savable } from "../../taking/save.tsx"
import type { Piece } from "../../widgets/line.tsx"
import { edited, recalled, recalling, typedIn } from "../../widgets/recall.ts"
import { type FieldText, fieldTarget } from "../../widgets/text-field.ts"
import { type FilterEditing, filterHint } from "./filter-line.tsx"
import { type Bounds, initialLogState, type LogState, logReducer } from "./log-state.ts"
import { logTaking } from "./log-taking.ts"

export interface LogModel extends ScreenModel, Copying, Savable {
  /** Null until the tail has spoken once. */
  readonly snapshot: TailSnapshot | null
  readonly state: LogState
  /** The selected one; undefined for a row that is no request. */
  readonly entry: AccessLogEntry | undefined
  readonly marks: Marks<AccessLogEntry>
  readonly names: ReadonlyMap<string, string>
  readonly now: number
  readonly editing: FilterEditing | undefined
  /** What stands under the filter while it is typed. */
  readonly hint: readonly (readonly Piece[])[]
  move(by: number): void
  oldest(): void
  resume(): void
  inspect(): void
  editFilter(): void
  /** Puts an older filter into the field (1), or a newer one (-1). */
  recall(by: 1 | -1): void
  applyFilter(): void
  dropEdit(): void
  clearFilter(): void
  /** Marks the selected request, or no longer, and goes on to the next; the log stops where it was live. */
  mark(): void
  unmark(ids: readonly string[], last: readonly string[]): void
}

/** Rows that are not for entries: header, filter, column titles. */
const OTHER_ROWS = 3

const NO_BOUNDS: Bounds = { generation: 0, start: 0, end: 0, seen: 0, stayedAt: null }

const NO_FILTER: LogFilter = { text: "", users: new Map(), stayAt: null }

/** A place in the log has a filter of its own, which the one tail works with while that place is in sight. */
interface PlaceFilter extends LogFilter {
  /** That of the tail's snapshots for it. */
  readonly generation: number
}

/** The log's model: the newest snapshot, where the operator is in it, and the filter, which is `initialFilter` at first. */
export function useLog(initialFilter: string, size: Size): LogModel {
  const shell = useShell()
  const { tail, names, clock, history, deck, open, say } = shell
  const newest = useStore(tail.snapshots)
  const filter = usePlaceRef<PlaceFilter | undefined>("filter", () =>
    initialFilter === "" && tail.generation === 0 ? { ...NO_FILTER, generation: 0 } : undefined,
  )
  /** The generation of the place that was in sight before this one, whose rows are none of this one's. */
  const [foreign] = useState(() => (filter.current?.generation === tail.generation ? undefined : tail.generation))
  const isFinding = newest !== null && newest.stayedAt === null && filter.current?.stayAt != null
  const snapshot = newest === null || newest.generation === foreign || isFinding ? null : newest
  const { byId, trouble } = useStore(names.states)
  const now = useStore(clock.times)
  const [editing, setEditing] = useState<FilterEditing>()
  const hint = editing ? filterHint(editing, size.columns) : []
  const height = size.rows - OTHER_ROWS - hint.length
  const bounds = snapshot ?? NO_BOUNDS
  const [kept, dispatch] = usePlaceReducer("log", logReducer, () => initialLogState(height))
  const state = logReducer(kept, { type: "settle", height, bounds })

  const isBrought = state.placed !== kept.placed
  useEffect(() => {
    if (isBrought) dispatch({ type: "settle", height, bounds })
  })
  const entry = snapshot ? selectedEntry(snapshot, state) : undefined
  /** The id to stay at on coming back; null for the newest, whatever it is. */
  const selected = usePlaceRef<string | null>("selected", () => null)
  useEffect(() => {
    if (snapshot) selected.current = state.following ? null : (entry?.id ?? null)
  })

  const { following } = state
  const top = following ? 0 : state.top
  useEffect(() => tail.view({ following, top, rows: height }), [tail, following, top, height])
  useEffect(() => {
    if (snapshot) names.want(snapshot.rows.flatMap(row => (row.kind === "entry" ? [row.entry.user_id] : [])))
  }, [snapshot, names])
  useEffect(() => {
    if (trouble !== undefined) say(show(`users are shown by id: ${trouble}`), "look")
  }, [trouble, say])

  const editingOf = (text: string) => recalling(text, history.recall("filter"))
  const checking = useRef<AbortController>(undefined)
  useEffect(() => () => checking.current?.abort(), [])
  const apply = async (text: string, typed = false) => {
    checking.current?.abort()
    checking.current = new AbortController()
    const { signal } = checking.current
    setEditing(now => now && { field: now.field, checking: true })
    try {
      put(await readLogFilter(deck, text, signal))
      if (typed) history.add("filter", text)
      setEditing(undefined)
    } catch (thrown) {
      if (signal.aborted) return
      const { message, column } = asDeckError(thrown)
      setEditing(now => ({ field: now?.field ?? editingOf(text), mistake: { message, column } }))
    }
  }
  const put = (next: LogFilter) => {
    tail.filter(next)
    filter.current = { ...next, generation: tail.generation }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever comes (back) to this place finds its filter in force
  useEffect(() => {
    const own = filter.current
    if (own === undefined) void apply(initialFilter)
    else if (own.generation !== tail.generation) put({ ...own, stayAt: selected.current })
  }, [])
  const edit = (change: (text: FieldText) => FieldText) => {
    checking.current?.abort()
    setEditing(now => now && { field: edited(now.field, change) })
  }

  /** Only the newest question counts, and only while the log is in sight. */
  const question = useRef(0)
  useEffect(() => () => void question.current++, [])
  const inspect = async () => {
    const mine = ++question.current
    const inspection = await tail.inspect(state.generation, state.cursor)
    if (mine !== question.current) return
    if (inspection) open("entry", inspection)
    else say(shown`detail: this entry is no longer held`, "look")
  }

  const [marks, changeMarks] = usePlaceReducer("marks", marksReducer<AccessLogEntry>, noMarks<AccessLogEntry>)
  const isEmpty = bounds.start === bounds.end
  return {
    ...logTaking({ shell, filter: filter.current ?? NO_FILTER, entry, marks, names: byId, isEmpty }),
    snapshot,
    state,
    entry,
    marks,
    names: byId,
    now,
    editing,
    hint,
    field: editing && fieldTarget(edit),
    move: by => {
      dispatch({ type: "move", by, height, bounds })
      if (by < 0 && state.cursor + by - bounds.start < height) tail.loadOlder()
    },
    click: row => {
      const by = state.top + row - (size.rows - height) - state.cursor
      if (row >= size.rows - height && state.cursor + by < bounds.end) dispatch({ type: "move", by, height, bounds })
    },
    oldest: () => {
      dispatch({ type: "oldest", height, bounds })
      tail.loadOlder()
    },
    resume: () => dispatch({ type: "resume", height, bounds }),
    inspect: () => void inspect(),
    editFilter: () => setEditing({ field: editingOf(filter.current?.text ?? "") }),
    recall: by => {
      checking.current?.abort()
      setEditing(now => now && { field: recalled(now.field, by) })
    },
    applyFilter: () => editing && void apply(typedIn(editing.field), true),
    dropEdit: () => {
      checking.current?.abort()
      setEditing(undefined)
    },
    clearFilter: () => void apply(""),
    mark: () => {
      if (entry === undefined) return
      changeMarks({ type: "toggle", id: entry.id, row: entry })
      dispatch(following ? { type: "pause", height, bounds } : { type: "move", by: 1, height, bounds })
    },
    unmark: (ids, last) => changeMarks({ type: "drop", ids, last }),
  }
}

function selectedEntry({ rows, rowsFrom }: TailSnapshot, { cursor }: LogState): AccessLogEntry | undefined {
  const row = rows[cursor - rowsFrom]
  return row?.kind === "entry" ? row.entry : undefined
}
