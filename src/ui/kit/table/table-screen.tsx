import type { z } from "zod"
import { headOf, quotedWhereNeeded } from "../../../domain/filter-language.ts"
import { filterOfFields, readListFilter } from "../../../domain/list-filter.ts"
import { termsOf } from "../../../domain/list-terms.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Chord } from "../../keys/chord.ts"
import type { ListQuery } from "../destinations.ts"
import { copyBinding } from "../export/copy.tsx"
import { saveBinding } from "../export/save.tsx"
import { EVERY_MOTION, moving } from "../moving.ts"
import { type Argument, defineScreen, type Screen } from "../screen.ts"
import { columnsBinding } from "./columns.tsx"
import { markBinding, markedBindings } from "./mark-bindings.ts"
import { narrowingBinding } from "./narrow.ts"
import { sortBinding } from "./sorting.ts"
import { TableBody } from "./table-body.tsx"
import { filterBindings, filterMistake } from "./table-filter.ts"
import { type Narrowing, type Table, type TableFilter, type TableModel, useTable } from "./table-model.ts"

/** Declares a screen that is a list: searching, filtering, paging and marking come with it. */
export function defineTable<Input extends z.ZodObject, Row>(table: Table<Input, Row>): Screen {
  return tableScreen<Input, Row, void>(table, { id: table.id, tabKey: table.tabKey })
}

/** Declares the same list as a separate screen, opened for a part of it: the runs of one user. */
export function defineNarrowedTable<Input extends z.ZodObject, Row>(
  table: Table<Input, Row>,
): Screen<Partial<Pick<z.output<Input>, Narrowing<Input, Row>["field"]>>> {
  return tableScreen(table, { id: `${table.id}-of` })
}

function tableScreen<Input extends z.ZodObject, Row, Params>(
  table: Table<Input, Row>,
  place: { readonly id: string; readonly tabKey?: Chord | undefined },
): Screen<Params> {
  const { title, shortTitle, summary, operation, noun, filters = [], narrowings = [], bulk, bindings = [] } = table
  return defineScreen<Params, TableModel<Row>>({
    ...place,
    scope: table.id,
    title,
    ...(shortTitle !== undefined && { shortTitle }),
    summary,
    ...(table.inside && { inside: table.inside }),
    ...(place.tabKey !== undefined && { argument: tableArgument(table) as Argument<unknown> as Argument<Params> }),
    bindings: [
      ...(table.open ? [openBinding(table.open)] : []),
      ...bindings,
      ...markedBindings(bulk ?? NO_CHANGES, noun),
      ...filterBindings,
      markBinding,
      copyBinding("copy the selected row, a field of it, or the marked rows"),
      saveBinding("save the marked rows, or all to the end of the list, as NDJSON or CSV"),
      columnsBinding(
        table.id,
        () => table.columns,
        ({ width }) => width,
      ),
      ...commonBindings,
      ...filters.map(filter => filterBinding(filter, choicesOf(operation.input, filter.field))),
      ...(narrowings.length > 0 ? [narrowingBinding(narrowings)] : []),
      ...(operation.sorts ? [sortBinding(operation.sorts, table.columns)] : []),
    ],
    useModel: (params, size) => useTable(table, (params ?? NOTHING) as ListQuery, size),
    Body: ({ model, size }) => <TableBody table={table} model={model} columns={size.columns} />,
  })
}

const NOTHING: ListQuery = {}
const NO_CHANGES = { changes: [], name: () => "" }

type Model = TableModel<unknown>

const openBinding = <Row,>(open: NonNullable<Table<z.ZodObject, Row>["open"]>): Binding<TableModel<Row>> => ({
  keys: ["enter", "d"],
  label: "open",
  footer: true,
  common: true,
  help: "open the selection",
  possible: ({ selected }) => selected !== undefined,
  run: model => model.selected !== undefined && open(model.selected, model.shell, model),
})

const commonBindings: readonly Binding<Model>[] = [
  ...moving<Model>({
    ...EVERY_MOTION,
    top: { label: "first", help: "the first row" },
    end: { label: "last", help: "the last row read so far; reads the next page" },
  }),
  {
    keys: ["ctrl-r"],
    label: "refresh",
    footer: true,
    common: true,
    help: "reload the list",
    run: model => model.refresh(),
  },
  {
    keys: ["x"],
    label: "show all",
    footer: true,
    common: true,
    help: "drop the filter; ↑ in the filter recalls it",
    possible: ({ filter }) => filter !== "",
    run: model => model.clear(),
  },
]

function filterBinding<Input extends z.ZodObject>(
  { field, key, without }: TableFilter<Input>,
  choices: readonly string[],
): Binding<Model> {
  return {
    keys: [key],
    label: field,
    footer: true,
    help: `step through: ${[without, ...choices].join(", ")}`,
    run: model => model.setFilter(field, choices[choices.indexOf(model.held(field) ?? "") + 1]),
  }
}

/** Returns the values that an optional enum of `schema` can have. */
function choicesOf(schema: z.ZodObject, field: string): readonly string[] {
  return (schema.shape[field] as z.ZodOptional<z.ZodEnum<Record<string, string>>>).unwrap().options
}

/** Returns the argument of a list: its filter, in which a value of the filters that keys turn may stand without its name. */
function tableArgument<Input extends z.ZodObject, Row>(table: Table<Input, Row>): Argument<ListQuery> {
  const { id, operation, filters = [] } = table
  const input: z.ZodObject = operation.input
  const terms = termsOf(input)
  const choices = filters.flatMap(({ field }) => choicesOf(input, field).map(choice => [field, choice] as const))
  const begun = terms.flatMap(({ choices = [], ...term }) => {
    if (term.key === "") return []
    const head = headOf(term)
    return choices.length === 0 ? [head] : choices.map(choice => `${head}${quotedWhereNeeded(choice)}`)
  })
  const read = (text: string): ListQuery => {
    const named: string[] = []
    let rest = ` ${text} `
    for (const [field, choice] of choices) {
      const at = rest.toLowerCase().indexOf(` ${choice} `)
      if (at < 0) continue
      named.push(filterOfFields(input, { [field]: choice }))
      rest = `${rest.slice(0, at)} ${rest.slice(at + choice.length + 2)}`
    }
    return { filter: [rest.trim(), ...named].filter(part => part !== "").join(" ") }
  }
  return {
    behind: id,
    choices: [...choices.map(([, choice]) => choice), ...begun],
    expects: terms.find(({ key }) => key === "")?.help ?? `a filter, ${input.shape.filter?.meta()?.label}`,
    accepts: text => filterMistake(input, read(text).filter ?? "") === undefined,
    read: text => {
      const query = read(text)
      readListFilter(input, query)
      return query
    },
  }
}
