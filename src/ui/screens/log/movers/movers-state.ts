import type { DimensionKey } from "../../../../domain/movers/dimension-keys.ts"
import {
  MOVERS_MINUTES,
  MOVERS_SORTS,
  type MoversMinutes,
  type MoversSort,
} from "../../../../domain/movers/movers-snapshot.ts"
import type { MoverRow } from "./movers-rows.ts"

/** What somebody does with the panel. */
export interface MoversState {
  /** Put away, where there would be room for it beside the log. */
  readonly isHidden: boolean
  readonly hasKeyboard: boolean
  readonly sort: MoversSort
  readonly minutes: MoversMinutes
  /** The dimension that has the whole panel. */
  readonly only: DimensionKey | undefined
  /** Held by what it is: rows change places every second. */
  readonly selected: Selected | undefined
}

interface Selected {
  readonly key: DimensionKey
  readonly value: string
  /** Where it stood, should it be gone. */
  readonly rank: number
}

export type MoversAction =
  /** Shows or hides it; where it has no room beside the log it comes in the place of the rows, with the keyboard. */
  | { readonly type: "toggle"; readonly isBeside: boolean }
  /** Takes the keyboard, or gives it back to the log. */
  | { readonly type: "switch" }
  | { readonly type: "leave" }
  | { readonly type: "unfold"; readonly key: DimensionKey }
  | { readonly type: "fold" }
  | { readonly type: "sort" }
  | { readonly type: "window" }
  /** By 0 it holds what is selected now. */
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

/** Whether it is to be seen: beside the log always but when hidden, in the place of its rows with the keyboard only. */
export const isShown = ({ isHidden, hasKeyboard }: MoversState, isBeside: boolean): boolean =>
  isBeside ? !isHidden : hasKeyboard

/** The selected row; where it is gone, the one that stands in its place; the first where there was none. */
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
