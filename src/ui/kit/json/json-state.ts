import { layOutJson, type Place, placeOf, rowCount, rowOf } from "./json-layout.ts"
import { canFold, type JsonLine } from "./json-tree.ts"

/** Position in JSON that folds. */
export interface JsonState {
  /** Lines that it was made for: others have nothing folded. */
  readonly lines: readonly JsonLine[]
  /** Indexes of the lines whose content is folded away. */
  readonly folds: ReadonlySet<number>
  readonly at: Place
  /** Row of the screen on which it is, from 0: what is folded above it does not move it. */
  readonly offset: number
}

/** Present lines and room. */
export interface JsonWindow {
  readonly lines: readonly JsonLine[]
  readonly columns: number
  readonly height: number
}

export type JsonAction = JsonWindow &
  (
    | { readonly type: "move"; readonly by: number }
    /** Folds what the selected line opens, or opens it again; within an object, folds that. */
    | { readonly type: "turn" }
    /** Opens what is folded, else goes to its first line. */
    | { readonly type: "in" }
    /** Folds what is open, else goes to the line that opens what it stands in. */
    | { readonly type: "out" }
    /** Folds everything but the parts themselves; where anything is folded, opens everything. */
    | { readonly type: "all" }
    /** Goes to the next of these lines (1), to that before (-1), or to the nearest from here on (0), opening what hides it. */
    | { readonly type: "find"; readonly found: readonly number[]; readonly by: 0 | 1 | -1 }
  )

export const initialJson: JsonState = { lines: [], folds: new Set(), at: { line: 0, part: 0 }, offset: 0 }

/** Changes the state by a key; the selected row stays on the screen. */
export function jsonReducer(kept: JsonState, action: JsonAction): JsonState {
  const state = settled(kept, action)
  const { lines } = action
  const { line } = state.at
  const selected = lines[line]
  if (selected === undefined) return state
  const { folds } = state
  const isFolded = folds.has(line)
  switch (action.type) {
    case "move":
      return moved(state, action.by, action)
    case "turn":
      if (isFolded) return refolded(state, without(folds, line), action)
      return closed(state, canFold(selected) ? line : selected.parent, action)
    case "in":
      if (isFolded) return refolded(state, without(folds, line), action)
      return canFold(selected) ? goTo(state, line + 1, action) : state
    case "out":
      if (canFold(selected) && !isFolded) return closed(state, line, action)
      return selected.parent < 0 ? state : goTo(state, selected.parent, action)
    case "all":
      return refolded(state, folds.size > 0 ? new Set() : allFolds(lines), action)
    case "find": {
      const { found, by } = action
      const next = nextOf(found, line, by)
      if (next === undefined) return state
      return goTo({ ...state, folds: shownBy(lines, folds, next) }, next, action)
    }
  }
}

/** Returns the state for lines that may have been read anew, or drawn on another screen. */
function settled(state: JsonState, window: JsonWindow): JsonState {
  if (state.lines === window.lines) return state
  const line = Math.min(state.at.line, Math.max(0, window.lines.length - 1))
  return { ...state, lines: window.lines, folds: new Set(), at: { ...state.at, line } }
}

/** Returns what is on the screen: the rows, the first one of them in sight, and that of the selection. */
export function inWindow(kept: JsonState, window: JsonWindow) {
  const state = settled(kept, window)
  const layout = layoutOf(window.lines, state.folds, window.columns)
  const row = rowOf(layout, state.at)
  const top = topFor(row, state.offset, rowCount(layout), window.height)
  return { state, layout, row, top }
}

/** One layout is kept: keys ask for the one that is drawn. */
let last: ReturnType<typeof layOutJson> | undefined

function layoutOf(lines: readonly JsonLine[], folds: ReadonlySet<number>, columns: number) {
  if (last?.lines !== lines || last.folds !== folds || last.columns !== columns)
    last = layOutJson(lines, folds, columns)
  return last
}

const topFor = (row: number, offset: number, rows: number, height: number) => {
  const inSight = Math.min(Math.max(offset, 0), height - 1)
  return Math.max(0, Math.min(row - inSight, rows - height, row))
}

function moved(state: JsonState, by: number, window: JsonWindow): JsonState {
  const { layout, row, top } = inWindow(state, window)
  const next = Math.min(Math.max(0, row + by), rowCount(layout) - 1)
  return { ...state, at: placeOf(layout, next), offset: next - top }
}

/** Goes to a line, in the middle of the screen unless it is in sight already. */
function goTo(state: JsonState, line: number, window: JsonWindow): JsonState {
  const at = { line, part: 0 }
  const { layout, top } = inWindow(state, window)
  const offset = rowOf(layout, at) - top
  const isInSight = offset >= 0 && offset < window.height
  return { ...state, at, offset: isInSight ? offset : Math.floor(window.height / 2) }
}

const closed = (state: JsonState, line: number, window: JsonWindow): JsonState =>
  line < 0 ? state : refolded(goTo(state, line, window), new Set([...state.folds, line]), window)

/** Folds otherwise: the selection stays on its row of the screen, on what hides it where it is hidden. */
function refolded(state: JsonState, folds: ReadonlySet<number>, window: JsonWindow): JsonState {
  const next = { ...state, folds }
  const { layout, row, top } = inWindow(next, window)
  return { ...next, at: placeOf(layout, row), offset: row - top }
}

const without = (folds: ReadonlySet<number>, line: number) => new Set([...folds].filter(other => other !== line))

/** What can be folded within the values of the parts, whose own members stay in sight. */
function allFolds(lines: readonly JsonLine[]): Set<number> {
  const isInner = ({ parent }: JsonLine) => parent >= 0 && (lines[parent] as JsonLine).parent >= 0
  return new Set(lines.flatMap((line, index) => (canFold(line) && isInner(line) ? [index] : [])))
}

function nextOf(found: readonly number[], from: number, by: 0 | 1 | -1): number | undefined {
  if (by < 0) return found.findLast(line => line < from) ?? found.at(-1)
  return found.find(line => (by === 0 ? line >= from : line > from)) ?? found[0]
}

/** Returns the folds without those that hide a line. */
function shownBy(lines: readonly JsonLine[], folds: ReadonlySet<number>, line: number): ReadonlySet<number> {
  if (folds.size === 0) return folds
  const opened = new Set(folds)
  for (let at = (lines[line] as JsonLine).parent; at >= 0; at = (lines[at] as JsonLine).parent) opened.delete(at)
  return opened.size === folds.size ? folds : opened
}
