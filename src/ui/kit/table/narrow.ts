import type { z } from "zod"
import { nameOrId } from "../../../domain/name-or-id.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import { CELL_BYTES } from "../../widgets/cells.ts"
import { menuScreen } from "../dialog/menu.tsx"
import type { Narrowing, TableModel } from "./table-model.ts"

/** A value of the selected row that the list can be held to, or the one that it is held to now. */
interface Choice {
  readonly field: string
  readonly text: Shown
  /** The value; undefined lets all rows in again. */
  readonly value: string | undefined
}

/** Returns the key that holds the list to a value of the selected row: at once where the row has one, else after asking which. */
export function narrowingBinding<Input extends z.ZodObject, Row>(
  narrowings: readonly Narrowing<Input, Row>[],
): Binding<TableModel<Row>> {
  const choicesIn = ({ selected, held }: TableModel<Row>): Choice[] =>
    narrowings.flatMap(({ field, label, value, name }): Choice[] => {
      if (held(field) !== undefined) return [{ field, text: shown`any ${show(label)} again`, value: undefined }]
      const own = selected === undefined ? null : value(selected)
      if (selected === undefined || !own) return []
      return [{ field, text: shown`${show(label)} ${show(nameOrId(name(selected), own), CELL_BYTES)}`, value: own }]
    })
  const names = narrowings.map(({ label }) => label).join(", ")
  return {
    keys: ["+"],
    label: "only this",
    footer: true,
    help: `only rows with the same ${names}, which you choose; again, all rows`,
    possible: model => choicesIn(model).length > 0 || `the selected row names no ${names}`,
    run: model => {
      const choices = choicesIn(model)
      const take = ({ field, value }: Choice) => model.setFilter(field, value)
      const [only, another] = choices
      if (only !== undefined && another === undefined) take(only)
      else {
        const items = choices.map(choice => ({ text: choice.text, take: () => take(choice) }))
        model.shell.push(menuScreen, { title: "Only this", items })
      }
    },
  }
}
