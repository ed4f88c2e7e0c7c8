import { isOfPast } from "../../../tail/past/ordinals.ts"

/** Position in the log. `cursor` and `top` are ordinals of matches. */
export interface LogState {
  readonly generation: number
  readonly following: boolean
  readonly cursor: number
  readonly top: number
  readonly height: number
  /** Counts and filter at the time of the pause: entries that were read, and where the matches of the live log ended. */
  readonly pausedAtSeen: number
  readonly pausedAtNewest: number
  readonly pausedFilter: string
  /** Generation in which the cursor was placed, by the filter's entry to stay at or by a move. */
  readonly placed: number
}

/** Bounds of the newest snapshot. */
export interface Bounds {
  readonly generation: number
  readonly filter: string
  readonly start: number
  readonly end: number
  /** Where the matches of the live log end, also while the rows are of the past. */
  readonly newest: number
  readonly seen: number
  /** Ordinal of the entry to stay at, once it is found. */
  readonly stayedAt: number | null
}

interface Window {
  readonly height: number
  readonly bounds: Bounds
}

export type LogAction = Window &
  (
    | { readonly type: "settle" }
    | { readonly type: "move"; readonly by: number }
    /** Pauses at the selected row. */
    | { readonly type: "pause" }
    | { readonly type: "oldest" }
    /** Goes to a row that the tail found, which the newest snapshot may not contain yet. */
    | { readonly type: "goTo"; readonly ordinal: number }
    | { readonly type: "resume" }
  )

export const initialLogState = (height: number): LogState => ({
  generation: 0,
  following: true,
  cursor: 0,
  top: 0,
  height,
  pausedAtSeen: 0,
  pausedAtNewest: 0,
  pausedFilter: "",
  placed: 0,
})

/**
 * Any move up pauses; only `resume` follows again, and a new filter unless it stays at an entry, which keeps the row of
 * the screen that the selection had.
 */
export function logReducer(kept: LogState, action: LogAction): LogState {
  const { bounds, height } = action
  const { generation, stayedAt } = bounds
  const isNew = generation !== kept.generation
  const fresh = { ...kept, height, following: kept.following || isNew, generation }
  const placed = stayedAt !== null && kept.placed !== generation ? placedAt(stayedAt, fresh, kept, bounds) : fresh
  const state = settle(placed, bounds)
  switch (action.type) {
    case "settle":
      return state
    case "move":
      if (state.following && action.by >= 0) return state
      return settle({ ...pause(state, bounds), cursor: state.cursor + action.by, placed: generation }, bounds)
    case "pause":
      return settle({ ...pause(state, bounds), placed: generation }, bounds)
    case "oldest":
      return settle({ ...pause(state, bounds), cursor: bounds.start, placed: generation }, bounds)
    case "goTo":
      return settle(wentTo(pause(state, bounds), action.ordinal), reaching(action, action.ordinal))
    case "resume":
      return settle({ ...state, following: true, placed: generation }, bounds)
  }
}

/** Goes to the entry to stay at: a live log jumps there, a paused one keeps its row of the screen. */
const placedAt = (ordinal: number, fresh: LogState, kept: LogState, bounds: Bounds): LogState =>
  kept.following ? wentTo(pause(fresh, bounds), ordinal) : brought(fresh, ordinal, bounds)

/** Goes to another row: in the middle of the screen, unless it is visible. */
function wentTo(state: LogState, ordinal: number): LogState {
  const isInSight = ordinal >= state.top && ordinal < state.top + state.height
  const top = isInSight ? state.top : ordinal - Math.floor(state.height / 2)
  return { ...state, following: false, cursor: ordinal, top, placed: state.generation }
}

const reaching = ({ bounds, height }: Window, ordinal: number): Bounds => ({
  ...bounds,
  start: ordinal < bounds.start ? ordinal - height : bounds.start,
  end: Math.max(bounds.end, ordinal + 1),
})

/** Returns to an entry on the same row of the screen. */
const brought = (state: LogState, ordinal: number, bounds: Bounds): LogState => ({
  ...counting(state, ordinal, bounds),
  following: false,
  cursor: ordinal,
  top: ordinal - (state.cursor - state.top),
  placed: state.generation,
})

/**
 * What was new since the pause still counts as new. Under another filter earlier matches cannot be told from new ones, nor from an
 * entry of the past, whose ordinal says nothing of the live log's: then it counts from now on.
 */
function counting(state: LogState, ordinal: number, bounds: Bounds): LogState {
  if (bounds.filter !== state.pausedFilter || isOfPast(ordinal) || isOfPast(state.cursor))
    return countingFrom(state, bounds)
  return { ...state, pausedAtNewest: ordinal + (state.pausedAtNewest - state.cursor) }
}

const pause = (state: LogState, bounds: Bounds): LogState =>
  state.following ? { ...countingFrom(state, bounds), following: false } : state

const countingFrom = (state: LogState, { filter, seen, newest }: Bounds): LogState => ({
  ...state,
  pausedAtSeen: seen,
  pausedAtNewest: newest,
  pausedFilter: filter,
})

/**
 * Limits cursor and top to the held rows, and keeps the cursor visible. The row before the oldest match, at ordinal
 * `start - 1`, tells how far back the log reaches; it is visible where there is room or the cursor is on the oldest.
 */
function settle(state: LogState, bounds: Bounds): LogState {
  const last = Math.max(bounds.start, bounds.end - 1)
  const cursor = state.following ? last : clamp(state.cursor, bounds.start, last)
  const highestTop = Math.max(bounds.start - 1, bounds.end - state.height)
  const nearestTop = cursor === bounds.start ? cursor - 1 : cursor
  const top = state.following
    ? highestTop
    : clamp(clamp(state.top, cursor - state.height + 1, nearestTop), bounds.start - 1, highestTop)
  return { ...state, cursor, top }
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)
