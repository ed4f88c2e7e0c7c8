import { filterToText, type Term } from "../../../domain/access-log-filter.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import type { Pivoting } from "../../kit/destinations.ts"
import { closing, defineDialog } from "../../kit/dialog/define-dialog.tsx"
import { choosing, useChoosing } from "../../kit/moving.ts"
import { useShell } from "../../kit/shell.ts"
import { useStore } from "../../runtime/use-store.ts"
import { CELL_BYTES } from "../../widgets/cells.ts"
import { choiceColumns } from "../../widgets/dialog.tsx"
import { type Piece, piece, spread } from "../../widgets/line.tsx"
import { listLines } from "../../widgets/list.ts"
import { MARK } from "../../widgets/table.tsx"

interface PivotParams extends Pivoting {
  readonly terms: readonly Term[]
}

/** Returns the identity of a term's field: of one key and operator, an address is one field, its network another. */
const fieldOf = ({ key, operator }: Term, at: number, terms: readonly Term[]) =>
  `${key}${operator}${terms.slice(0, at).filter(other => other.key === key).length}`

/** Dialog that adds a field of a request to the filter. */
export const pivotScreen = defineDialog({
  id: "pivot",
  title: "Pivot",
  summary: "filter by a field of the request",
  columns: ({ terms }) => choiceColumns(terms.map(textOf)),
  typedAhead: true,
  bindings: [
    { keys: ["enter"], label: "filter", footer: true, help: "add it to the filter", run: model => model.filter() },
    ...choosing,
    closing(["esc", "q"]),
  ],
  useModel: ({ terms, last, take }: PivotParams) => {
    const { names, back } = useShell()
    const { byId } = useStore(names.states)
    const choice = useChoosing(terms.length, Math.max(0, terms.map(fieldOf).indexOf(last.current ?? "")))
    const { at } = choice
    const filter = () => {
      const term = terms[at]
      if (term === undefined) return
      last.current = fieldOf(term, at, terms)
      back()
      take(term)
    }
    return { ...choice, terms, names: byId, filter }
  },
  heading: ({ terms }) => (terms[0]?.negated ? shown`Not this` : shown`Only this`),
  lines: ({ terms, at, names }, { columns, rows }) =>
    listLines(terms, at, rows, (term, isChosen) => termPieces(term, isChosen, names, columns)),
})

const textOf = (term: Term) => show(filterToText([term]), CELL_BYTES)

/** Draws a term with the name of its user or organization. */
function termPieces(term: Term, chosen: boolean, names: ReadonlyMap<string, string>, columns: number): Piece[] {
  const text = textOf(term)
  const name = term.key === "user" || term.key === "org" ? names.get(term.values[0] as string) : undefined
  const right = name === undefined ? [] : [piece(show(name, CELL_BYTES), "dim")]
  return spread(
    [piece(chosen ? shown`${MARK} ` : shown`  `, "key"), piece(text, chosen ? "strong" : "plain")],
    right,
    columns,
  )
}
