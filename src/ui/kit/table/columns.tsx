import { useMemo, useReducer } from "react"
import { fit, type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import { useStore } from "../../runtime/use-store.ts"
import { piece } from "../../widgets/line.tsx"
import { listLines } from "../../widgets/list.ts"
import { type Column, layOut, MARK } from "../../widgets/table.tsx"
import { closing, defineDialog } from "../dialog/define-dialog.tsx"
import { moving, pageOf } from "../moving.ts"
import type { Size } from "../screen.ts"
import { type Shell, useShell } from "../shell.ts"
import { arranged, type ChosenColumn, chosenColumns, columnName, columnReducer } from "./column-state.ts"

/** Columns of a screen, and the room that they share. */
interface ColumnsOf {
  /** Scope of the screen that they are remembered for. */
  readonly screen: string
  readonly declared: readonly Column<never>[]
  /** In columns of the terminal. */
  readonly room: number
}

/** Returns the columns of a screen as its operator wants them. */
export function useColumns<Row>(screen: string, declared: readonly Column<Row>[]): readonly Column<Row>[] {
  const choice = useStore(useShell().columnChoices.states).get(screen)
  return useMemo(
    () => (choice === undefined ? declared : arranged(declared, chosenColumns(declared, choice))),
    [declared, choice],
  )
}

/** Dialog that shows, hides and orders the columns of a screen. */
export const columnsScreen = defineDialog({
  id: "columns",
  title: "Columns",
  summary: "which columns are shown, and in which order",
  columns: 64,
  typedAhead: true,
  bindings: [
    { keys: ["enter"], label: "keep", footer: true, help: "keep them for this screen", run: model => model.keep() },
    {
      keys: [" "],
      label: "show or hide",
      now: ({ selected }) => (selected?.isShown ? "hide" : "show"),
      footer: true,
      possible: ({ selected }) => selected?.isFixed !== true || "this column tells rows apart: it is always shown",
      run: model => model.change({ type: "toggle" }),
    },
    {
      keys: ["<", "left"],
      repeats: true,
      label: "further left",
      footer: true,
      help: "move the column towards the first",
      run: model => model.change({ type: "shift", by: -1 }),
    },
    {
      keys: [">", "right"],
      repeats: true,
      label: "further right",
      footer: true,
      help: "move the column towards the last",
      run: model => model.change({ type: "shift", by: 1 }),
    },
    {
      keys: ["x"],
      label: "default",
      footer: true,
      help: "all columns in their first order",
      run: model => model.change({ type: "reset", declared: model.declared }),
    },
    ...moving({ down: {}, up: {}, top: { label: "first" }, end: { label: "last" } }),
    closing(["esc", "q"]),
  ],
  useModel: ({ screen, declared, room }: ColumnsOf, inner: Size) => {
    const { columnChoices, back } = useShell()
    const kept = columnChoices.states.snapshot.get(screen)
    const [{ columns, at }, change] = useReducer(columnReducer, { columns: chosenColumns(declared, kept), at: 0 })
    const drawn = layOut(arranged(declared, columns), room).columns.map(([column]) => columnName(column))
    const keep = () => {
      const order = columns.map(({ name }) => name)
      const hidden = columns.filter(({ isShown }) => !isShown).map(({ name }) => name)
      const isDefault =
        hidden.length === 0 && order.every((name, index) => name === columnName(declared[index] as Column<never>))
      back()
      columnChoices.set(screen, isDefault ? undefined : { order, hidden })
    }
    return {
      columns,
      at,
      drawn,
      room,
      declared: chosenColumns(declared),
      selected: columns[at],
      change,
      keep,
      page: pageOf(inner.rows),
      move: (by: number) => change({ type: "move", by }),
    }
  },
  lines: ({ columns, at, drawn, room }, { rows }) =>
    listLines(columns, at, rows, (column, isChosen) => [
      piece(isChosen ? shown`${MARK} ` : shown`  `, "key"),
      piece(shown`[${column.isShown ? shown`x` : shown` `}] `, "key"),
      piece(fit(show(column.name), NAME), isChosen ? "strong" : column.isShown ? "plain" : "dim"),
      piece(noteOf(column, drawn, room), "dim"),
    ]),
})

const NAME = 20

function noteOf({ name, isShown, isFixed }: ChosenColumn, drawn: readonly string[], room: number): Shown {
  if (isShown && !drawn.includes(name)) return shown`no room in ${room} columns`
  return isFixed ? shown`always shown` : shown``
}

/** Returns the key that chooses the columns of a screen. */
export const columnsBinding = <Model extends { readonly shell: Shell }>(
  screen: string,
  declaredOf: (model: Model) => readonly Column<never>[],
  roomOf: (model: Model) => number,
): Binding<Model> => ({
  keys: ["|"],
  label: "columns",
  common: true,
  help: "choose the columns and their order; kept for this screen",
  run: model => model.shell.push(columnsScreen, { screen, declared: declaredOf(model), room: roomOf(model) }),
})
