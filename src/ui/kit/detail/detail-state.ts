/** Position on the screen of a record. Lines count from 0; those with a key can be selected. */
export interface DetailState {
  /** Until the first move, the first visible line with a key is selected. */
  readonly moved: boolean
  readonly selected: string | undefined
  /** Line of the selection or, without one, where it would be. */
  readonly cursor: number
  readonly top: number
  /** Whether the end was asked for: it stays in sight as lines come. */
  readonly isAtEnd: boolean
}

/** Present lines. */
export interface Window {
  /** Key of every line; undefined where there is nothing to open. */
  readonly keys: readonly (string | undefined)[]
  /** Rows of the screen. */
  readonly height: number
}

export type DetailAction = Window &
  (
    | { readonly type: "settle" }
    /** Selects the next line with a key, or scrolls by one row. */
    | { readonly type: "step"; readonly by: 1 | -1 }
    | { readonly type: "scroll"; readonly by: number }
  )

export const initialDetailState: DetailState = {
  moved: false,
  selected: undefined,
  cursor: 0,
  top: 0,
  isAtEnd: false,
}

/** The distance of a move to the end. */
const END = Number.POSITIVE_INFINITY

/** Moves by any distance, limited by the ends. Returns `kept` itself when nothing changes. */
export function detailReducer(kept: DetailState, action: DetailAction): DetailState {
  const state = settle(kept, action)
  switch (action.type) {
    case "settle":
      return same(kept, state) ? kept : state
    case "step":
      return step({ ...state, moved: true, isAtEnd: false }, action.by, action)
    case "scroll":
      return scroll({ ...state, moved: true, isAtEnd: action.by === END }, action.by, action.by, action)
  }
}

/** Finds the selected line among the present lines, and scrolls with it. */
function settle(state: DetailState, window: Window): DetailState {
  if (!state.moved) return nearest(initialDetailState, window)
  if (state.isAtEnd) return scroll(state, END, END, window)
  const found = state.selected === undefined ? -1 : window.keys.indexOf(state.selected)
  if (found < 0) return nearest({ ...state, top: clamp(state.top, 0, lowest(window)) }, window)
  return select({ ...state, top: state.top + found - state.cursor }, found, window)
}

function step(state: DetailState, by: 1 | -1, window: Window): DetailState {
  const next = nextKey(window.keys, state.cursor, by)
  const near = next >= state.top - 1 && next <= state.top + window.height
  return next >= 0 && near ? select(state, next, window) : scroll(state, by, 0, window)
}

function scroll(state: DetailState, by: number, cursorBy: number, window: Window): DetailState {
  const top = clamp(state.top + by, 0, lowest(window))
  return nearest({ ...state, top, cursor: state.cursor + cursorBy }, window)
}

/** Selects the visible line nearest to the cursor, if any has a key. */
function nearest(state: DetailState, { keys, height }: Window): DetailState {
  const last = Math.max(state.top, Math.min(state.top + height, keys.length) - 1)
  const cursor = clamp(state.cursor, state.top, last)
  let found = -1
  for (let line = state.top; line <= last; line++) {
    if (keys[line] === undefined) continue
    if (found < 0 || Math.abs(line - cursor) < Math.abs(found - cursor)) found = line
  }
  return found < 0 ? { ...state, cursor, selected: undefined } : { ...state, cursor: found, selected: keys[found] }
}

/** Selects a line, and scrolls no more than necessary. */
function select(state: DetailState, cursor: number, window: Window): DetailState {
  const inSight = clamp(state.top, cursor - window.height + 1, cursor)
  return { ...state, cursor, selected: window.keys[cursor], top: clamp(inSight, 0, lowest(window)) }
}

function nextKey(keys: Window["keys"], from: number, by: 1 | -1): number {
  for (let line = from + by; line >= 0 && line < keys.length; line += by) if (keys[line] !== undefined) return line
  return -1
}

const lowest = ({ keys, height }: Window) => Math.max(0, keys.length - height)
const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)
const same = (a: DetailState, b: DetailState) =>
  a.moved === b.moved &&
  a.isAtEnd === b.isAtEnd &&
  a.selected === b.selected &&
  a.cursor === b.cursor &&
  a.top === b.top
