import { useEffect, useReducer, useRef, useState } from "react"
import type { Term } from "../../../domain/access-log-filter.ts"
import { LOG_TERM_NAMES } from "../../../domain/access-log-filter-text.ts"
import { valuesSeen, withTerm } from "../../../domain/access-log-pivot.ts"
import { asDeckError } from "../../../domain/errors.ts"
import type { TermName } from "../../../domain/filter-language.ts"
import { readLogFilter } from "../../../tail/log-filter.ts"
import type { LogFilter, TailSnapshot } from "../../../tail/protocol.ts"
import { fieldTarget, fieldText } from "../../keys/text-field.ts"
import { type CompletionAtCursor, completionAt } from "../../kit/filter-completion.ts"
import { useScreenRef, useShell } from "../../kit/shell.ts"
import { useStore } from "../../runtime/use-store.ts"
import { edited, historyField, movedInHistory, typedIn } from "../../widgets/field-history.ts"
import { type FilterEditing, filterHint } from "./filter-line.tsx"
import { PRESETS, withPreset } from "./presets.ts"

/** Model of the filter of a log screen. */
export type FilterModel = ReturnType<typeof useFilter>

const NO_FILTER: LogFilter = { text: "", users: new Map(), stayAt: null }

const MOST_STEPS = 100

/** Filter of one log screen; the tail, of which there is one, applies it while that screen is visible. */
interface ScreenFilter extends LogFilter {
  /** Generation of the tail's snapshots for it. */
  readonly generation: number
}

/**
 * Keeps the filter of a log screen, at first `initialFilter`. `selected` is the id of the entry to stay at when the filter
 * changes or the operator comes back, null for the newest; `wanted` is a term chosen while another screen was on top;
 * `leaving` is done when another filter is asked for.
 */
export function useFilter(
  initialFilter: string,
  columns: number,
  selected: { readonly current: string | null },
  wanted: { current: Term | undefined },
  leaving: { readonly current: () => void },
) {
  const { tail, inputHistory, deck, names } = useShell()
  const newest = useStore(tail.snapshots)
  const filter = useScreenRef<ScreenFilter | undefined>("filter", () =>
    initialFilter === "" && tail.generation === 0 && selected.current === null
      ? { ...NO_FILTER, generation: 0 }
      : undefined,
  )
  /** Generation of the screen that was visible before, whose rows are not this one's. */
  const [foreign] = useState(() => (filter.current?.generation === tail.generation ? undefined : tail.generation))
  const isFinding = newest !== null && newest.stayedAt === null && filter.current?.stayAt != null
  const own = newest === null || newest.generation === foreign ? null : newest
  const shown = useRef<TailSnapshot | null>(null)
  if (!isFinding) shown.current = own

  /** Filters before the present one, the newest last. */
  const steps = useScreenRef<readonly string[]>("steps", () => [])
  const [, redraw] = useReducer((times: number) => times + 1, 0)
  const setSteps = (to: readonly string[]) => {
    steps.current = to
    redraw()
  }
  const [editing, setEditing] = useState<FilterEditing>()
  const editingOf = (text: string) => historyField(text, inputHistory.entries("filter"))
  const checking = useRef<AbortController>(undefined)
  const cancel = () => {
    checking.current?.abort()
    checking.current = undefined
  }
  useEffect(() => () => checking.current?.abort(), [])

  /** What may stand at the cursor: by the names of terms, their usual values and those in the rows of the screen. */
  const completionOf = ({ field, preset }: FilterEditing) => {
    if (preset !== undefined) return undefined
    const entries = () => shown.current?.rows.flatMap(row => (row.kind === "entry" ? [row.entry] : [])) ?? []
    const seen = ({ key }: TermName) => valuesSeen(entries(), key).map(value => nameOf(key, value))
    return wordCompletion(completionAt(field.text, LOG_TERM_NAMES, seen))
  }
  const nameOf = (key: string, value: string) =>
    key === "user" ? (names.states.snapshot.byId.get(value) ?? value) : value

  const inForce = () => filter.current?.text ?? ""
  const put = (next: LogFilter) => {
    tail.filter(next)
    filter.current = { ...next, generation: tail.generation }
  }
  const apply = async (text: string, taken: () => void) => {
    cancel()
    leaving.current()
    const mine = new AbortController()
    checking.current = mine
    const { signal } = mine
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
    } finally {
      if (checking.current === mine) checking.current = undefined
    }
  }
  const change = (text: string, taken = () => {}) =>
    void apply(text, () => {
      if (text !== inForce()) setSteps([...steps.current, inForce()].slice(-MOST_STEPS))
      taken()
    })
  /** Keeps the filter that is left, typed or not: ↑ in the field brings it back. */
  const keep = () => inputHistory.add("filter", inForce())
  const narrow = (term: Term) => change(withTerm(inForce(), term))
  // biome-ignore lint/correctness/useExhaustiveDependencies: applies the filter when the screen becomes visible
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
    /** Whether another filter was asked for, and the rows are still those of the one before. */
    isChanging: () =>
      checking.current !== undefined || (shown.current?.generation ?? 0) < (filter.current?.generation ?? 0),
    /** Stays at no entry when the log goes live, not even at one that is still being looked for. */
    stayNowhere: () => {
      filter.current = filter.current && { ...filter.current, stayAt: null }
    },
    /** Newest snapshot of this filter; the last one before it while the entry to stay at is being looked for. */
    snapshot: shown.current,
    editing,
    /** Lines below the filter while it is typed. */
    hint: editing ? filterHint(editing, completionOf(editing), columns) : [],
    /** Whether Tab completes a word, instead of adding a preset. */
    canComplete: editing !== undefined && completionOf(editing) !== undefined,
    field:
      editing &&
      fieldTarget(change => {
        cancel()
        setEditing(now => now && { field: edited(now.field, change) })
      }),
    isFiltered: inForce() !== "",
    hasSteps: steps.current.length > 0,
    editFilter: () => setEditing({ field: editingOf(inForce()) }),
    /** Puts an older filter into the field (1), or a newer one (-1). */
    recall: (by: 1 | -1) => {
      cancel()
      setEditing(now => now && { field: movedInHistory(now.field, by) })
    },
    /** Completes the word at the cursor; where there is none, adds the next preset in the place of the one before, after the last none. */
    completeOrPreset: () => {
      cancel()
      setEditing(now => {
        const completion = now && completionOf(now)
        return completion ? { field: edited(now.field, () => completion.completed) } : now && presetAfter(now)
      })
    },
    applyFilter: () => {
      if (editing === undefined) return
      const text = typedIn(editing.field)
      change(text, () => inputHistory.add("filter", text))
    },
    /** Leaves the field; what was typed can be recalled. */
    dropEdit: () => {
      cancel()
      if (editing) inputHistory.add("filter", typedIn(editing.field))
      setEditing(undefined)
    },
    clearFilter: () => {
      keep()
      change("")
    },
    narrow,
    undoFilter: () => {
      keep()
      void apply(steps.current.at(-1) ?? "", () => setSteps(steps.current.slice(0, -1)))
    },
  }
}

/** Returns the completion of a word that has begun and is not whole yet. */
function wordCompletion(completion: CompletionAtCursor): CompletionAtCursor | undefined {
  const { word, options } = completion
  const isWhole = options.length === 1 && word.endsWith(options[0] as string)
  return word === "" || options.length === 0 || isWhole ? undefined : completion
}

function presetAfter({ field, preset }: FilterEditing): FilterEditing {
  const { at, typed } = preset ?? { at: -1, typed: typedIn(field) }
  const [, filter] = PRESETS[at + 1] ?? []
  const text = filter === undefined ? typed : withPreset(typed, filter)
  const next = edited(field, () => fieldText(text))
  return filter === undefined ? { field: next } : { field: next, preset: { at: at + 1, typed } }
}
