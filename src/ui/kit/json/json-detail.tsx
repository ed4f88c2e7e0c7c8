import { Box } from "ink"
import { useMemo } from "react"
import { show, shown } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import { soughtPattern } from "../../widgets/hits.ts"
import { Line, Lines, type Piece, spreadKeeping } from "../../widgets/line.tsx"
import type { Detail } from "../detail/declaration.ts"
import { reloadBinding, whenRead } from "../detail/detail.tsx"
import { useDetail } from "../detail/detail-model.ts"
import { fieldChoice, recordChoices } from "../export/choices.ts"
import { type Copying, copyBinding } from "../export/copy.tsx"
import { EVERY_MOTION, moving, pageOf } from "../moving.ts"
import { defineScreen, type Screen, type Size } from "../screen.ts"
import { useScreenReducer } from "../shell.ts"
import { findPieces, jsonFindBindings, useJsonFind } from "./json-find.ts"
import { jsonColumns, jsonRows } from "./json-lines.ts"
import { initialJson, inWindow, type JsonAction, jsonReducer } from "./json-state.ts"
import { canFold, type JsonPart, jsonLines } from "./json-tree.ts"

/** A value under its title, and the record that is copied with it. */
interface TitledJson extends JsonPart {
  readonly record: Readonly<Record<string, unknown>>
  /** The value has what the record leaves out, and is never copied. */
  readonly isOnlyShown?: boolean
}

/** Declaration of the screen of JSON: a few fixed fields above values that fold and are searched. */
export interface JsonDetail<Params, Subject> extends Omit<Detail<Params, Subject>, "sections" | "every" | "news"> {
  readonly parts: (subject: Subject) => readonly TitledJson[]
}

type Model<Subject = unknown> = ReturnType<typeof useJson<unknown, Subject>>

/** Declares the screen of JSON: reading it, folding, searching and copying come with it. */
export function defineJsonDetail<Params, Subject>(declared: JsonDetail<Params, Subject>): Screen<Params> {
  const { parts, bindings = [], source: _, command: __, name: ___, fields: ____, ...info } = declared
  const detail = { ...declared, sections: [] }
  return defineScreen<Params, Model<Subject>>({
    ...info,
    bindings: [
      ...jsonFindBindings,
      ...foldBindings,
      ...bindings.map(whenRead),
      copyBinding("copy the selected value, or all of it as JSON"),
      ...moving(EVERY_MOTION),
      reloadBinding,
    ],
    useModel: (params, size) => useJson(detail, parts, params, size),
    Body: ({ model, size }) => <JsonBody model={model} columns={size.columns} />,
  })
}

/** Rows of the title, and of the text that is searched for. */
const OTHER_ROWS = 2

function useJson<Params, Subject>(
  detail: Detail<Params, Subject>,
  partsOf: (subject: Subject) => readonly TitledJson[],
  params: Params,
  size: Size,
) {
  const { subject, shell, drawing, refresh, command } = useDetail(detail, params, size)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the parts are those of the subject
  const parts = useMemo(() => (subject === undefined ? [] : partsOf(subject)), [subject])
  const lines = useMemo(() => jsonLines(parts), [parts])
  const [, ...head] = drawing.lines.map(({ pieces }) => pieces)
  const height = Math.max(1, size.rows - OTHER_ROWS - head.length)
  const window = { lines, columns: jsonColumns(size.columns), height }
  const [kept, dispatch] = useScreenReducer("json", jsonReducer, () => initialJson)
  const act = (action: Act) => dispatch({ ...window, ...action } as JsonAction)
  const find = useJsonFind(lines, (found, by) => act({ type: "find", found, by }))
  const { state, layout, row, top } = inWindow(kept, window)
  const selected = lines[state.at.line]
  return {
    ...({ command, field: find.line.field } as const),
    subject,
    shell,
    refresh,
    title: spreadKeeping(drawing.title, drawing.right, size.columns),
    head,
    line: findPieces(find, state.at.line, size.columns),
    /** Undefined until it is read. */
    selected,
    isFolded: state.folds.has(state.at.line),
    anyFolded: state.folds.size > 0,
    rows: (columns: number): Piece[][] =>
      lines.length === 0
        ? []
        : jsonRows(layout, {
            ...{ top, height, selected: row, columns },
            pattern: find.text === "" ? undefined : soughtPattern(find.text),
          }),
    find,
    act,
    page: pageOf(height),
    move: (by: number) => act({ type: "move", by }),
    copies: (): ReturnType<Copying["copies"]> =>
      selected === undefined
        ? []
        : [
            ...parts.flatMap(({ title, record }) => recordChoices(record, show(title, 64)).slice(0, 1)),
            ...(parts.some(({ isOnlyShown }) => isOnlyShown)
              ? []
              : [fieldChoice(shown`the selected value`, selected.value)]),
          ],
  }
}

type Act = JsonAction extends infer Each
  ? Each extends JsonAction
    ? Omit<Each, "lines" | "columns" | "height">
    : never
  : never

const isRead = ({ selected }: Model) => selected !== undefined

/** Keys that fold. */
const foldBindings: readonly Binding<Model>[] = [
  {
    keys: ["enter", " "],
    label: "fold",
    now: ({ isFolded }) => (isFolded ? "unfold" : undefined),
    footer: true,
    help: "fold the object or list that begins here or that this stands in; unfold it again",
    possible: isRead,
    run: model => model.act({ type: "turn" }),
  },
  {
    keys: ["right", "l"],
    repeats: true,
    label: "into",
    help: "unfold, then enter it",
    possible: model => isRead(model) && (canFold(model.selected as never) || "it holds nothing"),
    run: model => model.act({ type: "in" }),
  },
  {
    keys: ["left", "h"],
    repeats: true,
    label: "out of",
    help: "fold, then go to what it stands in",
    possible: isRead,
    run: model => model.act({ type: "out" }),
  },
  {
    keys: ["v"],
    label: "fold all",
    now: ({ anyFolded }) => (anyFolded ? "unfold all" : undefined),
    footer: true,
    help: "fold every object and list within; where any is folded, unfold all",
    possible: isRead,
    run: model => model.act({ type: "all" }),
  },
]

function JsonBody({ model, columns }: { model: Model; columns: number }) {
  return (
    <Box flexDirection="column">
      <Line pieces={model.title} columns={columns} />
      <Lines lines={model.head} columns={columns} />
      <Line pieces={model.line} columns={columns} />
      <Lines lines={model.rows(columns)} columns={columns} />
    </Box>
  )
}
