import { fit, type Shown, shown, width } from "../../../domain/safe-text.ts"
import { treeLines } from "../../../domain/tree-lines.ts"

/** Row of a tree: a node, or what there is to say in a branch. */
export interface TreeRow<Content = unknown> {
  /** Identity from one reading to the next. */
  readonly key: string
  /** Key of the parent row; undefined for the root. */
  readonly parent: string | undefined
  /** Whether it and each ancestor below the root is the last child. */
  readonly lasts: readonly boolean[]
  /** State of a node's branch; undefined for a row that is no node. */
  readonly openness?: "open" | "closed" | "leaf"
  /** Where a row leads that is no node: to the page after the others of the node `of`, or to the root. */
  readonly leads?: { readonly of: string; readonly cursor: string } | "root"
  readonly content: Content
}

/** Columns of a level. */
const STEP = 4
/** Least columns of a name, at any depth. */
const NAME = 18

/** Draws the lines to a row; where they leave too little room, the number of omitted levels: `…12 │   └ `. */
export function linesTo({ lasts }: Pick<TreeRow, "lasts">, room: number): Shown {
  const steps = Math.max(1, Math.floor((room - NAME) / STEP))
  if (lasts.length <= steps) return treeLines(lasts, STEP)
  const left = lasts.length - steps + 1
  const head = shown`…${left} `
  return shown`${fit(head, Math.max(STEP, width(head)))}${treeLines(lasts.slice(left), STEP)}`
}

const SIGNS = { open: shown`▾ `, closed: shown`▸ `, leaf: shown`` }

/** Draws the lines to a node, and whether its branch is open. */
export const linesToNode = (row: TreeRow, room: number): Shown =>
  shown`${linesTo(row, room)}${SIGNS[row.openness ?? "leaf"]}`
