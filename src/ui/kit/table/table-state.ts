/** Position in a list. The selection is a row's id; the numbers are its last position. */
export interface TableState {
  /** Identity of the list: another search or order is another list, and starts at its top. */
  readonly list: string
  readonly selected: string | undefined
  readonly cursor: number
  readonly top: number
}

/** Present rows. */
interface Window {
  readonly list: string
  readonly ids: readonly string[]
  /** Rows of the screen. */
  readonly height: number
}

export type TableAction = Window & ({ readonly type: "settle" } | { readonly type: "move"; readonly by: number })

export const initialTableState: TableState = { list: "", selected: undefined, cursor: 0, top: 0 }

/** Moves the selection by any distance, limited by the ends. Returns `kept` itself when nothing changes. */
export function tableReducer(kept: TableState, action: TableAction): TableState {
  const state = settle(inList(kept, action), action)
  if (action.type === "settle") return state
  return select(state, state.cursor + action.by, action)
}

/** The place in the list of the present rows, at its top where there is none from before. */
const inList = (kept: TableState, { list }: Window): TableState =>
  kept.list === list ? kept : { ...initialTableState, list }

/** Finds the selected row among the present rows; when it is gone, selects the row in its place. */
function settle(state: TableState, window: Window): TableState {
  const { selected, cursor, top } = state
  const found = selected === undefined || window.ids[cursor] === selected ? cursor : window.ids.indexOf(selected)
  if (found < 0) return select(state, cursor, window)
  // Scrolls with the selected row, so that new rows above it move nothing.
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
