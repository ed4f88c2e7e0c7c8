import type { DimensionKey } from "../../../../domain/movers/dimension-keys.ts"
import {
  MOVERS_MINUTES,
  MOVERS_SORTS,
  type MoversMinutes,
  type MoversSort,
} from "../../../../domain/movers/movers-snapshot.ts"
import type { MoverRow } from "./movers-rows.ts"

/** State of the panel. */
export interface MoversState {
  /** Hidden, where there is room for it beside the log. */
  readonly isHidden: boolean
  readonly hasKeyboard: boolean
  readonly sort: MoversSort
  readonly minutes: MoversMinutes
  /** Dimension that has the whole panel. */
  readonly only: DimensionKey | undefined
  /** Identified by its value, since rows change places every second. */
  readonly selected: Selected | undefined
}

interface Selected {
  readonly key: DimensionKey
  readonly value: string
  /** Last rank, in case it is gone. */
  readonly rank: number
}

export type MoversAction =
  /** Shows or hides it; where there is no room beside the log, it replaces the rows and takes the keyboard. */
  | { readonly type: "toggle"; readonly isBeside: boolean }
  /** Switches the keyboard between panel and log. */
  | { readonly type: "switch" }
  | { readonly type: "leave" }
  | { readonly type: "unfold"; readonly key: DimensionKey }
  | { readonly type: "fold" }
  | { readonly type: "sort" }
  | { readonly type: "window" }
  /** By 0, holds the present selection. */
  | { readonly type: "move"; readonly by: number; readonly rows: readonly MoverRow[] }

export const initialMovers: MoversState = {
  isHidden: false,
  hasKeyboard: false,
  sort: "rate",
  minutes: 5,
  only: undefined,
  selected: undefined,
}

export function moversReducer(state: MoversState, action: MoversAction): MoversState {
  switch (action.type) {
    case "toggle": {
      const { isBeside } = action
      if (!isBeside) return { ...state, isHidden: false, hasKeyboard: !state.hasKeyboard }
      return { ...state, isHidden: !state.isHidden, hasKeyboard: false }
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
      return { ...state, sort: after(MOVERS_SORTS, state.sort) }
    case "window":
      return { ...state, minutes: after(MOVERS_MINUTES, state.minutes) }
    case "move": {
      const { rows, by } = action
      const at = Math.min(Math.max(0, selectedAt(rows, state.selected) + by), rows.length - 1)
      const row = rows[at]
      return row ? { ...state, selected: { key: row.key, value: row.mover.value, rank: row.rank } } : state
    }
  }
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
