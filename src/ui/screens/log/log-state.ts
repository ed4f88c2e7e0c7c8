/** Where the operator is in the log. `cursor` and `top` are ordinals of matches (see live/matches). */
export interface LogState {
  readonly generation: number
  readonly following: boolean
  readonly cursor: number
  readonly top: number
  readonly height: number
  /** How much had been seen, and had matched which filter, when following stopped. */
  readonly pausedAtSeen: number
  readonly pausedAtEnd: number
  readonly pausedFilter: string
  /** The generation in which the operator was brought to where the filter was to stay, or moved by themselves. */
  readonly placed: number
}

/** What the reducer needs to know of the newest snapshot. */
export interface Bounds {
  readonly generation: number
  readonly filter: string
  readonly start: number
  readonly end: number
  readonly seen: number
  /** Where the filter was to stay, as soon as that is found. */
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
    /** Stops following, at the row that is selected. */
    | { readonly type: "pause" }
    | { readonly type: "oldest" }
    /** To a row that the tail found, which the newest snapshot may not reach yet. */
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
  pausedAtEnd: 0,
  pausedFilter: "",
  placed: 0,
})

/**
 * Any movement up pauses; coming back to the newest row by moving does not resume, `resume` does; a new filter does, but
 * for one that was to stay at an entry: that is brought to the row of the screen where the selection was.
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

/** Where the filter was to stay: whoever was live is put there, whoever was paused comes back to it. */
const placedAt = (ordinal: number, fresh: LogState, kept: LogState, bounds: Bounds): LogState =>
  kept.following ? wentTo(pause(fresh, bounds), ordinal) : counting(brought(fresh, ordinal), bounds)

/** At a row that is somewhere else: in the middle of the screen, unless it is on it already. */
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

/** Back at an entry: on the same row of the screen, and what was new since the pause still counts as new. */
const brought = (state: LogState, ordinal: number): LogState => ({
  ...state,
  following: false,
  cursor: ordinal,
  top: ordinal - (state.cursor - state.top),
  pausedAtEnd: ordinal + (state.pausedAtEnd - state.cursor),
  placed: state.generation,
})

/** What matched before another filter was set cannot be told from what came since: it is counted from now on. */
const counting = (state: LogState, bounds: Bounds): LogState =>
  bounds.filter === state.pausedFilter ? state : countingFrom(state, bounds)

const pause = (state: LogState, bounds: Bounds): LogState =>
  state.following ? { ...countingFrom(state, bounds), following: false } : state

const countingFrom = (state: LogState, { filter, seen, end }: Bounds): LogState => ({
  ...state,
  pausedAtSeen: seen,
  pausedAtEnd: end,
  pausedFilter: filter,
})

/**
 * Keeps cursor and top within what is held, and the cursor on the screen. The row before the oldest match, at ordinal
 * `start - 1`, says how far back the log reaches; it is in sight when there is room or the cursor is on the oldest.
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
