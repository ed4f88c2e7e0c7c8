import { initialTableState, type TableAction, type TableState, tableReducer } from "../../kit/table/table-state.ts"
import type { TreeRow } from "./tree-rows.ts"

/** Where the operator is in a tree, and what they opened and closed in it. */
export interface TreeState {
  /** By account: where the pages after the first begin that are wanted of it, or that it is closed. */
  readonly choices: ReadonlyMap<string, readonly string[] | "closed">
  readonly place: TableState
}

/** The rows as they are now, how many of them are in sight, and the account that is selected until somebody moves. */
interface Window {
  readonly rows: readonly TreeRow[]
  readonly height: number
  readonly begin: string
}

export type TreeAction = Window &
  (
    | { readonly type: "settle" }
    | { readonly type: "move"; readonly by: number }
    /** Opens the selected branch, or goes into it. */
    | { readonly type: "in" }
    /** Closes the selected branch, or goes to the account that it hangs below. */
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
      if (row?.content.kind === "back") return move(state, Number.NEGATIVE_INFINITY)
      return turned(state, row) ?? state
  }
}

/** As in a list; but to the account it begins with the screen goes no further than it must. */
function settled(kept: TableState, window: Omit<TableAction, "type" | "by">): TableState {
  const place = tableReducer(kept, { type: "settle", ...window })
  if (kept.top > 0 || place.top === 0) return place
  return tableReducer({ ...place, top: 0 }, { type: "settle", ...window })
}

const isOpen = (row: TreeRow | undefined) => row?.content.kind === "account" && row.content.openness === "open"

/** With the branch of `row` opened or closed, or one page more; undefined where there is nothing to open or close. */
function turned(state: TreeState, row: TreeRow | undefined): TreeState | undefined {
  if (row === undefined) return undefined
  const { content } = row
  const choose = (id: string, choice: readonly string[] | "closed") => ({
    ...state,
    choices: new Map(state.choices).set(id, choice),
  })
  if (content.kind === "more") return choose(content.of, [...furtherPages(state, content.of), content.cursor])
  // Without its root there is no tree.
  if (content.kind !== "account" || content.openness === "leaf" || row.parent === undefined) return undefined
  return choose(row.key, content.openness === "open" ? "closed" : [])
}

/** Where the pages begin that were asked for beyond the first. */
export function furtherPages({ choices }: TreeState, userId: string): readonly string[] {
  const choice = choices.get(userId) ?? []
  return choice === "closed" ? [] : choice
}
