import { Box } from "ink"
import { shown } from "../../../domain/safe-text.ts"
import { type Binding, defineBindings } from "../../keys/binding.ts"
import { Line, type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import { MARK } from "../../widgets/table.tsx"
import { copyBinding } from "../export/copy.tsx"
import { defineScreen, type Screen } from "../screen.ts"
import type { Shell } from "../shell.ts"
import type { Detail } from "./declaration.ts"
import type { Drawing } from "./detail-body.ts"
import { type DetailModel, useDetail } from "./detail-model.ts"
import { selectionBindings } from "./selection.ts"

/** What the keys of one screen act on: the thing itself is there. */
export interface Opened<Subject> {
  readonly subject: Subject
  readonly shell: Shell
  /** Reads the thing and its sections again. */
  refresh(): void
}

/** Declares the screen of one thing: reading it, its sections, moving and opening come with it. */
export function defineDetail<Params, Subject>(
  detail: Detail<Params, Subject> & { readonly bindings?: readonly Binding<Opened<Subject>>[] },
): Screen<Params> {
  const { id, title, tabKey, summary, argument, bindings = [] } = detail
  return defineScreen<Params, DetailModel<Subject>>({
    id,
    title,
    ...(tabKey !== undefined && { tabKey }),
    summary,
    argument,
    bindings: defineBindings<DetailModel<Subject>>([
      ...openBindings,
      ...bindings.map(whenRead),
      copyBinding("copy all of it, the line at the cursor, or one of its fields"),
      ...selectionBindings,
      { keys: ["ctrl-r"], label: "refresh", footer: true, help: "read it again", run: model => model.refresh() },
    ]),
    useModel: (params, size) => useDetail(detail, params, size),
    Body: ({ model, size }) => <DetailBody model={model} columns={size.columns} />,
  })
}

function DetailBody({ model, columns }: { model: DetailModel<unknown>; columns: number }) {
  const { drawing, state, height, selected } = model
  const { lines } = drawing
  return (
    <Box flexDirection="column">
      <Line pieces={titlePieces(drawing, lines.length - state.top - height, columns)} columns={columns} />
      {lines.slice(state.top, state.top + height).map((line, index) => {
        const here = line === selected
        return (
          <Line
            key={state.top + index}
            pieces={here ? [piece(shown` ${MARK} `), ...line.pieces.slice(1)] : line.pieces}
            columns={columns}
            selected={here}
          />
        )
      })}
    </Box>
  )
}

/** The title and, as far as there is room, how many lines are `below` the screen and how old it all is. */
function titlePieces({ title, right }: Drawing, below: number, columns: number): Piece[] {
  const more = below > 0 ? [piece(shown`   ${below} more below`, "dim")] : []
  const choices = [[...more, piece(shown`   `), ...right], more]
  const fitting = choices.find(pieces => piecesWidth([...title, ...pieces]) < columns) ?? []
  return spread(title, fitting, columns)
}

type Model = DetailModel<unknown>

const open = ({ selected, shell }: Model) => selected?.open?.(shell)

const openBindings: readonly Binding<Model>[] = [
  {
    keys: ["enter"],
    label: "open",
    footer: true,
    help: "open what is selected",
    possible: model => model.selected !== undefined,
    run: open,
  },
]

/** A key of the screen's own: without the thing it has no meaning, and what is typed behind one that opens a form has none. */
function whenRead<Subject>(binding: Binding<Opened<Subject>>): Binding<DetailModel<Subject>> {
  const opened = ({ subject, shell, refresh }: DetailModel<Subject>) =>
    subject === undefined ? undefined : { subject, shell, refresh }
  const opensField = binding.opensField ?? binding.changes ?? false
  return {
    ...binding,
    opensField,
    now: model => {
      const here = opened(model)
      return here && binding.now?.(here)
    },
    possible: model => {
      const here = opened(model)
      return here === undefined ? opensField && "nothing is read yet" : (binding.possible?.(here) ?? true)
    },
    run: (model, pressedAt) => {
      const here = opened(model)
      if (here) binding.run(here, pressedAt)
    },
  }
}
