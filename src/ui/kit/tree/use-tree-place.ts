import { useEffect } from "react"
import { pageOf } from "../moving.ts"
import type { Size } from "../screen.ts"
import type { TreeRow } from "./tree-row.ts"
import { type TreeAction, type TreeState, treeReducer } from "./tree-state.ts"

/** The rows of a tree on a screen. */
interface Canvas<Row> {
  readonly rows: readonly Row[]
  /** Rows above the tree. */
  readonly above: number
  /** Key of the row that is selected until the first move. */
  readonly begin: string
  /** Whether every open branch is read: until then what is missing is not taken as gone. */
  readonly complete: boolean
}

export type TreePlace<Row> = ReturnType<typeof useTreePlace<Row & TreeRow>>

/** The part of a tree's model that moves through its rows and opens and closes branches. */
export function useTreePlace<Row extends TreeRow>(
  [kept, dispatch]: readonly [TreeState, (action: TreeAction) => void],
  { rows, above, begin, complete }: Canvas<Row>,
  size: Size,
) {
  const height = size.rows - above
  const window = { rows, height, begin }
  const state = treeReducer(kept, { type: "settle", ...window })
  useEffect(() => {
    if (complete && state !== kept) dispatch({ type: "settle", ...window })
  })
  const { place } = state
  return {
    rows,
    state: place,
    height,
    selected: rows[place.cursor],
    page: pageOf(height),
    move: (by: number) => dispatch({ type: "move", by, ...window }),
    click: (row: number) => {
      const index = place.top + row - above
      if (row >= above && index < rows.length) dispatch({ type: "move", by: index - place.cursor, ...window })
    },
    turn: (step: "in" | "out" | "turn") => dispatch({ type: step, ...window }),
  }
}
