import { useEffect, useRef, useState } from "react"
import type { Term } from "../../../domain/access-log-filter.ts"
import { withTerm } from "../../../domain/access-log-pivot.ts"
import { asDeckError } from "../../../domain/errors.ts"
import { readLogFilter } from "../../../tail/log-filter.ts"
import type { LogFilter, TailSnapshot } from "../../../tail/protocol.ts"
import { fieldTarget } from "../../keys/text-field.ts"
import type { ScreenModel } from "../../kit/screen.ts"
import { useScreenReducer, useScreenRef, useShell } from "../../kit/shell.ts"
import { useStore } from "../../runtime/use-store.ts"
import { edited, historyField, movedInHistory, typedIn } from "../../widgets/field-history.ts"
import type { Piece } from "../../widgets/line.tsx"
import { type FilterEditing, filterHint } from "./filter-line.tsx"
import { filterSteps } from "./filter-steps.ts"

/** The filter of one place in the log, as it is and as it can be changed. */
export interface FilterModel extends Pick<ScreenModel, "field"> {
  readonly editing: FilterEditing | undefined
  /** What stands under the filter while it is typed. */
  readonly hint: readonly (readonly Piece[])[]
  readonly isFiltered: boolean
  /** There is a step to undo. */
  readonly hasSteps: boolean
  editFilter(): void
  /** Puts an older filter into the field (1), or a newer one (-1). */
  recall(by: 1 | -1): void
  applyFilter(): void
  dropEdit(): void
  clearFilter(): void
  /** One term more; see `withTerm`. */
  narrow(term: Term): void
  /** The filter as it was before the last change. */
  undoFilter(): void
}

interface PlacedFilter extends FilterModel {
  /** Whoever goes live stays at no entry any more, not even at one that is still looked for. */
  stayNowhere(): void
  /** What is in force here. */
  readonly filter: LogFilter
  /** The newest of this place; while the entry to stay at is looked for, the last one before. Null until there is one. */
  readonly snapshot: TailSnapshot | null
}

const NO_FILTER: LogFilter = { text: "", users: new Map(), stayAt: null }

/** A place in the log has a filter of its own, which the one tail works with while that place is in sight. */
interface PlaceFilter extends LogFilter {
  /** That of the tail's snapshots for it. */
  readonly generation: number
}

/**
 * The filter of this place, `initialFilter` at first. `selected` is the id of the entry to stay at whenever it changes or
 * somebody comes back, null for the newest, whatever it is; `wanted` a term that was chosen while another screen was on top.
 */
export function useFilter(
  initialFilter: string,
  columns: number,
  selected: { readonly current: string | null },
  wanted: { current: Term | undefined },
): PlacedFilter {
  const { tail, inputHistory, deck } = useShell()
  const newest = useStore(tail.snapshots)
  const filter = useScreenRef<PlaceFilter | undefined>("filter", () =>
    initialFilter === "" && tail.generation === 0 && selected.current === null
      ? { ...NO_FILTER, generation: 0 }
      : undefined,
  )
  /** The generation of the place that was in sight before this one, whose rows are none of this one's. */
  const [foreign] = useState(() => (filter.current?.generation === tail.generation ? undefined : tail.generation))
  const isFinding = newest !== null && newest.stayedAt === null && filter.current?.stayAt != null
  const own = newest === null || newest.generation === foreign ? null : newest
  const stands = useRef<TailSnapshot | null>(null)
  if (!isFinding) stands.current = own

  const [steps, step] = useScreenReducer("steps", filterSteps, () => [])
  const [editing, setEditing] = useState<FilterEditing>()
  const editingOf = (text: string) => historyField(text, inputHistory.entries("filter"))
  const checking = useRef<AbortController>(undefined)
  const callOff = () => checking.current?.abort()
  useEffect(() => () => checking.current?.abort(), [])

  const inForce = () => filter.current?.text ?? ""
  const put = (next: LogFilter) => {
    tail.filter(next)
    filter.current = { ...next, generation: tail.generation }
  }
  const apply = async (text: string, taken: () => void) => {
    callOff()
    checking.current = new AbortController()
    const { signal } = checking.current
    setEditing(now => now && { field: now.field, checking: true })
    try {
      const read = await readLogFilter(deck, text, signal)
      taken()
      put({ ...read, stayAt: selected.current })
      setEditing(undefined)
    } catch (thrown) {
      if (signal.aborted) return
      const { message, column } = asDeckError(thrown)
      setEditing(now => ({ field: now?.field ?? editingOf(text), mistake: { message, column } }))
    }
  }
  const change = (text: string, taken = () => {}) =>
    void apply(text, () => {
      if (text !== inForce()) step({ type: "push", was: inForce() })
      taken()
    })
  const narrow = (term: Term) => change(withTerm(inForce(), term))
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever comes (back) to this place finds its filter in force
  useEffect(() => {
    const known = filter.current
    const term = wanted.current
    wanted.current = undefined
    if (known === undefined) void apply(initialFilter, () => {})
    else if (known.generation !== tail.generation) put({ ...known, stayAt: selected.current })
    if (term) narrow(term)
  }, [])

  return {
    filter: filter.current ?? NO_FILTER,
    stayNowhere: () => {
      filter.current = filter.current && { ...filter.current, stayAt: null }
    },
    snapshot: stands.current,
    editing,
    hint: editing ? filterHint(editing, columns) : [],
    field:
      editing &&
      fieldTarget(change => {
        callOff()
        setEditing(now => now && { field: edited(now.field, change) })
      }),
    isFiltered: inForce() !== "",
    hasSteps: steps.length > 0,
    editFilter: () => setEditing({ field: editingOf(inForce()) }),
    recall: by => {
      callOff()
      setEditing(now => now && { field: movedInHistory(now.field, by) })
    },
    applyFilter: () => {
      if (editing === undefined) return
      const text = typedIn(editing.field)
      change(text, () => inputHistory.add("filter", text))
    },
    dropEdit: () => {
      callOff()
      setEditing(undefined)
    },
    clearFilter: () => change(""),
    narrow,
    undoFilter: () => void apply(steps.at(-1) ?? "", () => step({ type: "undo" })),
  }
}
