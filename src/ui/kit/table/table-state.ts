/** Where the operator is in a list. The selection is a row's id; the numbers say where it was seen last. */
export interface TableState {
  /** The list this is a place in: another search is another list, and starts at its top. */
  readonly list: string
  readonly selected: string | undefined
  readonly cursor: number
  readonly top: number
}

/** What the reducer needs to know of the rows as they are now. */
interface Window {
  readonly list: string
  readonly ids: readonly string[]
  /** Rows of the screen. */
  readonly height: number
}

export type TableAction = Window & ({ readonly type: "settle" } | { readonly type: "move"; readonly by: number })

export const initialTableState: TableState = { list: "", selected: undefined, cursor: 0, top: 0 }

/** Moves the selection, by any distance: what is beyond the ends is the end. Answers `kept` itself when nothing changes. */
export function tableReducer(kept: TableState, action: TableAction): TableState {
  const state = settle(kept.list === action.list ? kept : { ...initialTableState, list: action.list }, action)
  if (action.type === "settle") return state
  return select(state, state.cursor + action.by, action)
}

/** Finds the selected row among the rows as they are now; when it is gone, the row in its place is selected. */
function settle(state: TableState, window: Window): TableState {
  const { selected, cursor, top } = state
  const found = selected === undefined || window.ids[cursor] === selected ? cursor : window.ids.indexOf(selected)
  if (found < 0) return select(state, cursor, window)
  // The screen goes with its selected row, so that rows that came above it move nothing.
  return select({ ...state, top: top + found - cursor }, found, window, state)
}

function select(state: TableState, index: number, { ids, height }: Window, before = state): TableState {
  const cursor = clamp(index, 0, Math.max(0, ids.length - 1))
  const nearest = clamp(state.top, cursor - height + 1, cursor)
  const top = clamp(nearest, 0, Math.max(0, ids.length - height))
  const selected = ids[cursor]
  if (selected === before.selected && cursor === before.cursor && top === before.top) return before
  return { ...state, selected, cursor, top }
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)
