import { Box } from "ink"
import { type Shown, shown } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import { Line, type Piece, piece, piecesWidth, spreadKeeping } from "../../widgets/line.tsx"
import { MARK } from "../../widgets/table.tsx"
import { copyBinding } from "../export/copy.tsx"
import { defineScreen, type Screen } from "../screen.ts"
import type { Detail, Opened } from "./declaration.ts"
import type { Drawing } from "./detail-body.ts"
import { type DetailModel, useDetail } from "./detail-model.ts"
import { selectionBindings } from "./selection.ts"

/** Declares the screen of one record: reading it, its sections, moving and opening come with it. */
export function defineDetail<Params, Subject>(detail: Detail<Params, Subject>): Screen<Params> {
  const { source: _, command, name, fields, sections, every, news, bindings = [], ...info } = detail
  return defineScreen<Params, DetailModel<Subject>>({
    ...info,
    bindings: [
      openBinding,
      ...bindings.map(whenRead),
      copyBinding("copy all of it, the selected line, or a field"),
      ...selectionBindings,
      reloadBinding,
    ],
    useModel: (params, size) => useDetail(detail, params, size),
    Body: ({ model, size }) => <DetailBody model={model} columns={size.columns} />,
  })
}

function DetailBody({ model, columns }: { model: Model; columns: number }) {
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

/** Draws the title, the number of lines below the screen and the age of the readings. */
function titlePieces({ title, right }: Drawing, below: number, columns: number): Piece[] {
  const behind = (more: Shown) => [...(below > 0 ? [piece(more, "dim")] : []), piece(shown`   `), ...right]
  const whole = behind(shown`   ${below} more below`)
  const fits = piecesWidth([...title, ...whole]) < columns
  return spreadKeeping(title, fits ? whole : behind(shown`   ${below} more`), columns)
}

type Model = DetailModel<unknown>

const openBinding: Binding<Model> = {
  keys: ["enter", "d"],
  label: "open",
  footer: true,
  common: true,
  help: "open the selection",
  possible: model => model.selected !== undefined,
  run: ({ selected, shell }) => selected?.open?.(shell),
}

/** The same before the record is read. */
type Opening<Subject> = Omit<Opened<Subject>, "subject"> & { readonly subject: Subject | undefined }

/** The key that reads the record again. */
export const reloadBinding: Binding<Pick<DetailModel<unknown>, "refresh">> = {
  keys: ["ctrl-r"],
  label: "refresh",
  footer: true,
  common: true,
  help: "reload",
  run: model => model.refresh(),
}

/** Makes a key wait for the record; keys typed after one that opens a form are ignored until then. */
export function whenRead<Subject>(binding: Binding<Opened<Subject>>): Binding<Opening<Subject>> {
  const opened = (model: Opening<Subject>) =>
    model.subject === undefined ? undefined : { ...model, subject: model.subject }
  const opensField = binding.opensField ?? binding.changes ?? false
  const { footer = false } = binding
  return {
    ...binding,
    opensField,
    footer: model => {
      if (typeof footer !== "function") return footer
      const here = opened(model)
      return here !== undefined && footer(here)
    },
    now: model => {
      const here = opened(model)
      return here && binding.now?.(here)
    },
    possible: model => {
      const here = opened(model)
      return here === undefined ? opensField && "not read yet" : (binding.possible?.(here) ?? true)
    },
    run: (model, pressedAt) => {
      const here = opened(model)
      if (here) binding.run(here, pressedAt)
    },
  }
}
