import { initialTableState, type TableAction, type TableState, tableReducer } from "../table/table-state.ts"
import type { TreeRow } from "./tree-row.ts"

/** Position in a tree, and its open and closed branches. */
export interface TreeState {
  /** Cursors of further pages by node, or that it is closed. */
  readonly choices: ReadonlyMap<string, readonly string[] | "closed">
  readonly place: TableState
}

/** Present rows, how many are visible, and the node selected until the first move. */
interface Window {
  readonly rows: readonly TreeRow[]
  readonly height: number
  readonly begin: string
}

export type TreeAction = Window &
  (
    | { readonly type: "settle" }
    | { readonly type: "move"; readonly by: number }
    /** Opens the selected branch, or enters it. */
    | { readonly type: "in" }
    /** Closes the selected branch, or goes to its parent. */
    | { readonly type: "out" }
    /** Opens the selected branch, or closes it. */
    | { readonly type: "turn" }
  )

export const initialTreeState: TreeState = { choices: new Map(), place: initialTableState }

export function treeReducer(kept: TreeState, action: TreeAction): TreeState {
  const { rows, height, begin } = action
  const window = { list: "", ids: rows.map(row => row.key), height }
  const move = (state: TreeState, by: number): TreeState => ({
    ...state,
    place: tableReducer(state.place, { type: "move", by, ...window }),
  })
  const place = settled(kept.place.selected === undefined ? { ...kept.place, selected: begin } : kept.place, window)
  const state = place === kept.place ? kept : { ...kept, place }
  const row = rows[place.cursor]
  switch (action.type) {
    case "settle":
      return state
    case "move":
      return move(state, action.by)
    case "in":
      return isOpen(row) ? move(state, 1) : (turned(state, row) ?? state)
    case "out": {
      if (row?.parent === undefined) return state
      return (isOpen(row) && turned(state, row)) || move(state, window.ids.indexOf(row.parent) - place.cursor)
    }
    case "turn":
      if (row?.leads === "root") return move(state, Number.NEGATIVE_INFINITY)
      return turned(state, row) ?? state
  }
}

/** Settles as in a list, but scrolls to the first selection no further than necessary. */
function settled(kept: TableState, window: Omit<TableAction, "type" | "by">): TableState {
  const place = tableReducer(kept, { type: "settle", ...window })
  if (kept.top > 0 || place.top === 0) return place
  return tableReducer({ ...place, top: 0 }, { type: "settle", ...window })
}

const isOpen = (row: TreeRow | undefined) => row?.openness === "open"

/** Opens or closes the branch of `row`, or adds a page; undefined where neither is possible. */
function turned(state: TreeState, row: TreeRow | undefined): TreeState | undefined {
  if (row === undefined) return undefined
  const { key, leads, openness } = row
  const choose = (id: string, choice: readonly string[] | "closed") => ({
    ...state,
    choices: new Map(state.choices).set(id, choice),
  })
  if (leads !== undefined && leads !== "root") return choose(leads.of, [...furtherPages(state, leads.of), leads.cursor])
  // The root cannot be closed.
  if (openness === undefined || openness === "leaf" || row.parent === undefined) return undefined
  return choose(key, openness === "open" ? "closed" : [])
}

/** Returns the cursors of the pages after the first. */
export function furtherPages({ choices }: TreeState, id: string): readonly string[] {
  const choice = choices.get(id) ?? []
  return choice === "closed" ? [] : choice
}
