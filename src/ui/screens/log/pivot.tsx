import { filterToText, type Term } from "../../../domain/access-log-filter.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { defineBindings } from "../../keys/binding.ts"
import type { Pivoting } from "../../kit/destinations.ts"
import { type Choosing, moving, useChoosing } from "../../kit/moving.ts"
import { defineScreen, type ScreenModel } from "../../kit/screen.ts"
import { useShell } from "../../kit/shell.ts"
import { useStore } from "../../runtime/use-store.ts"
import { CELL_BYTES } from "../../widgets/cells.ts"
import { Dialog, dialogInner } from "../../widgets/dialog.tsx"
import { type Piece, piece, spread } from "../../widgets/line.tsx"
import { topAround } from "../../widgets/list.ts"
import { MARK } from "../../widgets/table.tsx"

interface PivotParams extends Pivoting {
  readonly terms: readonly Term[]
}

interface PivotModel extends ScreenModel, Choosing, Pick<PivotParams, "terms"> {
  readonly names: ReadonlyMap<string, string>
  filter(): void
  close(): void
}

/** Terms of one key and operator are told apart by their place: the address is one field, its network another. */
const fieldOf = ({ key, operator }: Term, at: number, terms: readonly Term[]) =>
  `${key}${operator}${terms.slice(0, at).filter(other => other.key === key).length}`

/** Which of the fields of a request is to narrow the filter, as the terms will stand in it. */
export const pivotScreen = defineScreen<PivotParams, PivotModel>({
  id: "pivot",
  title: "Pivot",
  summary: "which field of the request the filter is to be narrowed by",
  overlay: true,
  bindings: defineBindings<PivotModel>([
    { keys: ["enter"], label: "filter", footer: true, help: "put it into the filter", run: model => model.filter() },
    ...moving<PivotModel>({ down: { footer: true }, up: { footer: true } }),
    { keys: ["esc", "q"], label: "close", footer: true, run: model => model.close() },
  ]),
  useModel: ({ terms, last, take }) => {
    const { names, back } = useShell()
    const { byId } = useStore(names.states)
    const choosing = useChoosing(terms.length, Math.max(0, terms.map(fieldOf).indexOf(last.current ?? "")))
    const { at } = choosing
    const filter = () => {
      const term = terms[at]
      if (term === undefined) return
      last.current = fieldOf(term, at, terms)
      back()
      take(term)
    }
    return { ...choosing, terms, names: byId, filter, close: back }
  },
  Body: ({ model: { terms, at, names }, size }) => {
    const columns = Math.min(size.columns - 4, 72)
    const rows = Math.max(1, size.rows - 2)
    const top = topAround(at, terms.length, rows)
    const lines = terms
      .slice(top, top + rows)
      .map((term, index) => termPieces(term, top + index === at, names, dialogInner(columns)))
    return <Dialog title={terms[0]?.negated ? shown`Not this` : shown`Only this`} lines={lines} columns={columns} />
  },
})

/** The term, and who that is. */
function termPieces(term: Term, chosen: boolean, names: ReadonlyMap<string, string>, columns: number): Piece[] {
  const text = show(filterToText([term]), CELL_BYTES)
  const name = term.key === "user" ? names.get(term.values[0] as string) : undefined
  const right = name === undefined ? [] : [piece(show(name, CELL_BYTES), "dim")]
  return spread(
    [piece(chosen ? shown`${MARK} ` : shown`  `, "key"), piece(text, chosen ? "strong" : "plain")],
    right,
    columns,
  )
}
