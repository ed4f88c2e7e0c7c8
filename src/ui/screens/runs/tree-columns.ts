import { Decimal } from "../../../domain/decimal.ts"
import type { Branch } from "../../../domain/run-tree.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { linesToNode, type TreeRow } from "../../kit/tree/tree-row.ts"
import { cellOf, TIME, textCell, timeCell } from "../../widgets/cells.ts"
import { dollars, grouped, shortIds } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import { tookCell } from "../shared/run-columns.ts"
import { runState } from "../shared/states.ts"

/** Row of a tree of runs; its key is the id of the run. */
export type RunTreeRow = TreeRow<{
  readonly branch: Branch
  /** Whether there are runs that were not read. */
  readonly cut: boolean
}>

/** Formats a cost of 10^-8 dollars as the lists of runs do: `0.0061`. */
export const costText = (cost: bigint): Shown =>
  dollars(new Decimal(`${cost / 100_000_000n}.${String(cost % 100_000_000n).padStart(8, "0")}`))

/** Marks a figure that may be larger: `20 001+`. */
export const atLeast = (figure: Shown, cut: boolean): Shown => (cut ? shown`${figure}+` : figure)

function runPiece(row: RunTreeRow, room: number): Piece {
  const { node } = row.content.branch
  const persona = node.persona_id ? shown`  ${show(node.persona_id, 200)}` : shown``
  const deleted = node.deleted_at === null ? shown`` : shown`  deleted`
  const text = shown`${linesToNode(row, room)}${show(shortIds(node.run_id))}${deleted}${persona}`
  return piece(text, node.deleted_at === null ? "plain" : "dim")
}

const own =
  (as: (branch: Branch, room: number) => Piece) =>
  ({ content }: RunTreeRow, room: number) =>
    as(content.branch, room)

/** Draws a figure of a branch; nothing where the run is all of it. */
const ofBranch =
  (as: (branch: Branch) => Shown) =>
  ({ content: { branch, cut } }: RunTreeRow) =>
    piece(branch.runs === 1 ? shown`` : atLeast(as(branch), cut), "strong")

export const runTreeColumns: readonly Column<RunTreeRow>[] = [
  { header: shown`RUN`, width: "rest", least: 26, roomy: 44, cell: runPiece },
  { header: shown`STATUS`, width: 11, cell: own(({ node }) => runState(node.status)) },
  {
    header: shown`STARTED`,
    width: TIME.least,
    roomy: TIME.roomy,
    dropAs: 4,
    cell: own(({ node }, room) => timeCell(node.created_at, room)),
  },
  { header: shown`MODEL`, width: 18, dropAs: 2, after: 30, cell: own(({ node }) => textCell(node.model)) },
  { header: shown`TOOK`, width: 6, align: "right", dropAs: 5, cell: own(({ node }) => tookCell(node)) },
  {
    header: shown`TOKENS`,
    width: 11,
    align: "right",
    dropAs: 3,
    cell: own(({ node }) => cellOf(node.total_input_tokens, into => grouped(into + (node.total_output_tokens ?? 0n)))),
  },
  { header: shown`COST $`, width: 9, align: "right", cell: own(({ node }) => piece(costText(node.cost))) },
  { header: shown`RUNS`, width: 6, align: "right", dropAs: 1, cell: ofBranch(({ runs }) => grouped(runs)) },
  { header: shown`BRANCH $`, width: 10, align: "right", cell: ofBranch(({ cost }) => costText(cost)) },
]
