import type { z } from "zod"
import { type Binding, defineBindings } from "../keys/binding.ts"
import { defineScreen, type Screen } from "./screen.ts"
import { TableBody } from "./table-body.tsx"
import { type Table, type TableFilter, type TableModel, useTable } from "./table-model.ts"

/** Declares a screen that is a list: searching, filtering, paging, and what stands there meanwhile, come with it. */
export function defineTable<Input extends z.ZodObject, Row>(table: Table<Input, Row>): Screen {
  const { id, title, digit, summary, operation, filters } = table
  return defineScreen<void, TableModel<Row>>({
    id,
    title,
    digit,
    summary,
    bindings: defineBindings([
      ...commonBindings,
      ...filters.map(filter => filterBinding(filter, choicesOf(operation.input, filter.field))),
    ]),
    useModel: (_, size) => useTable(table, size),
    Body: ({ model, size }) => <TableBody table={table} model={model} columns={size.columns} />,
  })
}

type Model = TableModel<unknown>

const page = (model: Model) => Math.max(1, model.height - 1)
const isTyping = (model: Model) => model.editing !== undefined
const isNarrowed = (model: Model) => Object.values(model.wanted).some(value => value !== undefined)

const commonBindings: readonly Binding<Model>[] = [
  {
    keys: ["/"],
    label: "search",
    footer: true,
    help: "search as you type; opens with the search in force",
    run: model => model.editSearch(),
  },
  { keys: ["j", "down"], repeats: true, label: "down", run: model => model.move(1) },
  { keys: ["k", "up"], repeats: true, label: "up", run: model => model.move(-1) },
  { keys: ["pagedown", "ctrl-d"], repeats: true, label: "page down", run: model => model.move(page(model)) },
  { keys: ["pageup", "ctrl-u"], repeats: true, label: "page up", run: model => model.move(-page(model)) },
  { keys: ["g", "home"], label: "first", help: "the first row", run: model => model.move(Number.NEGATIVE_INFINITY) },
  {
    keys: ["G", "end"],
    label: "last",
    help: "the last row read so far, which reads the next page",
    run: model => model.move(Number.POSITIVE_INFINITY),
  },
  { keys: ["ctrl-r"], label: "refresh", footer: true, help: "read the list again", run: model => model.refresh() },
  {
    keys: ["x"],
    label: "show all",
    footer: true,
    help: "drop the search and the filters",
    possible: isNarrowed,
    run: model => model.clear(),
  },
  {
    keys: ["enter"],
    label: "keep",
    footer: true,
    inField: true,
    help: "keep the search, and go on in what it found",
    possible: isTyping,
    run: model => model.takeSearch(),
  },
  {
    keys: ["esc"],
    label: "search as before",
    footer: true,
    inField: true,
    possible: isTyping,
    run: model => model.dropEdit(),
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
    run: model => model.setFilter(field, choices[choices.indexOf(model.wanted[field] ?? "") + 1]),
  }
}

/** The values that an optional enum of `schema` can have. */
function choicesOf(schema: z.ZodObject, field: string): readonly string[] {
  return (schema.shape[field] as z.ZodOptional<z.ZodEnum<Record<string, string>>>).unwrap().options
}
