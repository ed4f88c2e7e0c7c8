import type { DimensionKey } from "../../../../domain/movers/dimension-keys.ts"
import { MOVERS_MINUTES, type MoversMinutes, type MoversSort } from "../../../../domain/movers/movers-snapshot.ts"
import type { MoverRow } from "./movers-rows.ts"

/** State of the panel. */
export interface MoversState {
  /** Hidden, where there is room for it beside the log. */
  readonly isHidden: boolean
  readonly hasKeyboard: boolean
  readonly sort: MoversSort
  /** The lowest first. */
  readonly reversed: boolean
  readonly minutes: MoversMinutes
  /** Dimension that has the whole panel. */
  readonly only: DimensionKey | undefined
  /** Identified by its value, since rows change places every second. */
  readonly selected: Selected | undefined
  /** Marked values of one dimension. */
  readonly marked: Marked | undefined
}

interface Marked {
  readonly key: DimensionKey
  readonly values: readonly string[]
}

interface Selected {
  readonly key: DimensionKey
  readonly value: string
  /** Last rank, in case it is gone. */
  readonly rank: number
}

export type MoversAction =
  /** Goes to it, which shows it; from it, hides it. Where there is no room beside the log, it replaces the rows. */
  | { readonly type: "toggle"; readonly isBeside: boolean }
  /** Switches the keyboard between panel and log. */
  | { readonly type: "switch" }
  | { readonly type: "leave" }
  | { readonly type: "unfold"; readonly key: DimensionKey }
  | { readonly type: "fold" }
  | { readonly type: "sort"; readonly sort: MoversSort; readonly reversed: boolean }
  | { readonly type: "reverse" }
  | { readonly type: "window" }
  /** By 0, holds the present selection. */
  | { readonly type: "move"; readonly by: number; readonly rows: readonly MoverRow[] }
  /** Goes to the first row of the next dimension (1), or of the one before (-1). */
  | { readonly type: "jump"; readonly by: 1 | -1; readonly rows: readonly MoverRow[] }
  /** Marks or unmarks a row, and moves on; a row of another dimension begins anew. */
  | { readonly type: "mark"; readonly row: MoverRow; readonly rows: readonly MoverRow[] }
  | { readonly type: "unmark" }

export const initialMovers: MoversState = {
  isHidden: false,
  hasKeyboard: false,
  sort: "rate",
  reversed: false,
  minutes: 5,
  only: undefined,
  selected: undefined,
  marked: undefined,
}

export function moversReducer(state: MoversState, action: MoversAction): MoversState {
  switch (action.type) {
    case "toggle": {
      const { isBeside } = action
      return { ...state, isHidden: state.hasKeyboard && isBeside, hasKeyboard: !state.hasKeyboard }
    }
    case "switch":
      return { ...state, isHidden: false, hasKeyboard: !state.hasKeyboard }
    case "leave":
      return { ...state, hasKeyboard: false }
    case "unfold":
      return { ...state, only: action.key }
    case "fold":
      return { ...state, only: undefined }
    case "sort":
      return { ...state, sort: action.sort, reversed: action.reversed }
    case "reverse":
      return { ...state, reversed: !state.reversed }
    case "window":
      return { ...state, minutes: after(MOVERS_MINUTES, state.minutes) }
    case "move": {
      const { rows, by } = action
      const at = Math.min(Math.max(0, selectedAt(rows, state.selected) + by), rows.length - 1)
      return at < 0 ? state : { ...state, selected: selectionOf(rows[at] as MoverRow) }
    }
    case "jump": {
      const { rows, by } = action
      const keys = [...new Set(rows.map(({ key }) => key))]
      const at = keys.indexOf(rows[selectedAt(rows, state.selected)]?.key as DimensionKey)
      const row = rows.find(({ key }) => key === keys.at((at + by) % keys.length))
      return row ? { ...state, selected: selectionOf(row) } : state
    }
    case "mark": {
      const { row, rows } = action
      return moversReducer({ ...state, marked: toggled(state.marked, row) }, { type: "move", by: 1, rows })
    }
    case "unmark":
      return { ...state, marked: undefined }
  }
}

const selectionOf = ({ key, mover, rank }: MoverRow): Selected => ({ key, value: mover.value, rank })

function toggled(marked: Marked | undefined, { key, mover: { value } }: MoverRow): Marked | undefined {
  const values = marked?.key === key ? marked.values : []
  const others = values.filter(other => other !== value)
  const next = others.length < values.length ? others : [...values, value]
  return next.length > 0 ? { key, values: next } : undefined
}

/** Tells whether the panel is visible: beside the log unless hidden, in place of its rows with the keyboard only. */
export const isShown = ({ isHidden, hasKeyboard }: MoversState, isBeside: boolean): boolean =>
  isBeside ? !isHidden : hasKeyboard

/** Returns the index of the selected row; where it is gone, of the one in its place; else 0. */
export function selectedAt(rows: readonly MoverRow[], selected: Selected | undefined): number {
  if (selected === undefined) return 0
  const exact = rows.findIndex(({ key, mover }) => key === selected.key && mover.value === selected.value)
  if (exact >= 0) return exact
  return Math.max(
    0,
    rows.findLastIndex(({ key, rank }) => key === selected.key && rank <= selected.rank),
  )
}

const after = <Value>(values: readonly Value[], value: Value): Value =>
  values[(values.indexOf(value) + 1) % values.length] as Value
