import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { asDeckError } from "../../../domain/errors.ts"
import { type Branch, branchOf, type RunTree } from "../../../domain/run-tree.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { readRunTree } from "../../../services/runs/run-tree.ts"
import type { Destinations } from "../../kit/destinations.ts"
import { recordChoices } from "../../kit/export/choices.ts"
import { copyBinding } from "../../kit/export/copy.tsx"
import { failureLines, stalePieces } from "../../kit/failure-lines.ts"
import { readFromPieces } from "../../kit/read-from.ts"
import { useQuietRefresh } from "../../kit/refresh.ts"
import { defineScreen, type Size } from "../../kit/screen.ts"
import { useScreenReducer, useShell } from "../../kit/shell.ts"
import { TreeBody } from "../../kit/tree/tree-body.tsx"
import { branchBindings, treeBindings } from "../../kit/tree/tree-keys.ts"
import { initialTreeState, type TreeState, treeReducer } from "../../kit/tree/tree-state.ts"
import { useTreePlace } from "../../kit/tree/use-tree-place.ts"
import { useStore } from "../../runtime/use-store.ts"
import { grouped, shortIds, timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import { atLeast, costText, type RunTreeRow, runTreeColumns } from "./tree-columns.ts"

/** Rows above the tree: its title and the titles of its columns. */
const ABOVE = 3

/** Makes the model of a tree of runs, with the run that it was opened from selected at first. */
function useRunTree({ run_id }: Destinations["runTree"], size: Size) {
  const shell = useShell()
  const now = useStore(shell.clock.times)
  const reading = useQuery({
    queryKey: [...readRunTree.words, run_id],
    queryFn: ({ signal }) => shell.deck.run(readRunTree, { run_id }, { signal }),
    refetchInterval: useQuietRefresh(),
  })
  const [kept, dispatch] = useScreenReducer("tree", treeReducer, () => initialTreeState)
  const tree = reading.data
  const branch = useMemo(() => tree && branchOf(tree), [tree])
  const rows = branch && tree ? rowsOf(branch, kept, tree.cut) : []
  const place = useTreePlace(
    [kept, dispatch],
    { rows, above: ABOVE, begin: run_id, complete: tree !== undefined },
    size,
  )
  const selected = place.selected?.content.branch.node
  return {
    ...place,
    shell,
    now,
    tree,
    branch,
    asOf: tree === undefined ? null : reading.dataUpdatedAt,
    reading: reading.isFetching,
    readFrom: readFromPieces(shell.deck.readFrom(readRunTree)),
    failure: reading.failureReason ? asDeckError(reading.failureReason) : undefined,
    copies: () => (selected ? recordChoices(selected, shown`this run`) : []),
    refresh: () => void reading.refetch(),
  }
}

type Model = ReturnType<typeof useRunTree>

/** The rows of a tree: all branches are open but those that the operator closed. */
function rowsOf(root: Branch, { choices }: TreeState, cut: boolean): RunTreeRow[] {
  const rows: RunTreeRow[] = []
  const add = (branch: Branch, parent: string | undefined, lasts: readonly boolean[]) => {
    const { node, children } = branch
    const isClosed = choices.get(node.run_id) === "closed" && parent !== undefined
    const openness = children.length === 0 ? "leaf" : isClosed ? "closed" : "open"
    rows.push({ key: node.run_id, parent, lasts, openness, content: { branch, cut } })
    if (openness === "open") {
      for (const [at, child] of children.entries()) add(child, node.run_id, [...lasts, at === children.length - 1])
    }
  }
  add(root, undefined, [])
  return rows
}

/** Screen of the runs that started one another. */
export const runTreeScreen = defineScreen<Destinations["runTree"], Model>({
  id: "run-tree",
  title: "Tree of runs",
  summary: "the runs that started one another, with the cost of each branch",
  bindings: [
    {
      keys: ["enter", "d"],
      label: "open",
      footer: true,
      common: true,
      help: "open the selected run",
      possible: ({ selected }) => selected !== undefined,
      run: ({ selected, shell }) => selected && shell.open("run", { run_id: selected.key }),
    },
    ...branchBindings,
    copyBinding("copy the selected run, or one of its fields"),
    ...treeBindings,
  ],
  useModel: useRunTree,
  Body: ({ model, size: { columns } }) => (
    <TreeBody
      heading={headingOf(model, columns)}
      place={model.tree && model}
      table={runTreeColumns}
      columns={columns}
    />
  ),
})

function headingOf({ tree, branch, asOf, now, reading, readFrom, failure }: Model, columns: number): Piece[][] {
  if (tree === undefined || branch === undefined || asOf === null) {
    const instead = failure ? failureLines(failure, columns - 2) : [[piece(shown`reading…`, "dim")]]
    return [[piece(shown` Tree of runs`, "dim")], [], ...instead.map(line => [piece(shown` `), ...line])]
  }
  const name = [
    piece(shown` Tree of run `, "dim"),
    piece(show(shortIds(branch.node.run_id)), "strong"),
    ...countPieces(branch, tree),
  ]
  if (failure) return [[...name, ...stalePieces(asOf, now, failure)], []]
  const right = [...readFrom, piece(reading ? shown`reading… ` : shown`as of ${timeOfDay(asOf)} `, "dim")]
  return [piecesWidth([...name, ...right]) + 2 < columns ? spread(name, right, columns) : name, [cutPiece(tree)]]
}

/** Draws `   12 runs · $ 0.31 · 2 failed · 1 running`, without zeros. */
function countPieces({ runs, cost, failed, running }: Branch, { cut }: RunTree): Piece[] {
  return [
    piece(
      shown`   ${atLeast(grouped(runs), cut)} ${runs === 1 ? shown`run` : shown`runs`} · ${atLeast(shown`$ ${costText(cost)}`, cut)}`,
      "strong",
    ),
    ...(failed > 0 ? [piece(shown` · ${grouped(failed)} failed`, "act")] : []),
    ...(running > 0 ? [piece(shown` · ${grouped(running)} running`, "key")] : []),
  ]
}

function cutPiece({ cut, cut_above, nodes }: RunTree): Piece {
  const said: Shown[] = [
    ...(cut
      ? [shown`only ${grouped(nodes.length)} runs were read, those nearest to the first: sums are of these`]
      : []),
    ...(cut_above ? [shown`there are runs above the first one here`] : []),
  ]
  return piece(said.length === 0 ? shown`` : (` ▲ ${said.join("; ")}` as Shown), "look")
}
