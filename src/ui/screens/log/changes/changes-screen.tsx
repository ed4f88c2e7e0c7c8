import { Box } from "ink"
import { DeckError } from "../../../../domain/errors.ts"
import { shown } from "../../../../domain/safe-text.ts"
import { parseWindow } from "../../../../domain/time-window.ts"
import type { Binding } from "../../../keys/binding.ts"
import type { Destinations } from "../../../kit/destinations.ts"
import { copyBinding } from "../../../kit/export/copy.tsx"
import { failureLines } from "../../../kit/failure-lines.ts"
import { EVERY_MOTION, moving } from "../../../kit/moving.ts"
import { defineScreen, type Size, type Topic } from "../../../kit/screen.ts"
import { Lines, type Piece, piece } from "../../../widgets/line.tsx"
import { inSight } from "../../../widgets/list.ts"
import { emphasized, headerPieces, layOut, rowPieces } from "../../../widgets/table.tsx"
import { pinChanges } from "../pin.ts"
import { BASELINES, changesColumns, filterPieces, missingPieces, readingPieces, titlePieces } from "./changes-lines.ts"
import { type ChangesModel, useChanges } from "./use-changes.ts"

const onRow = ({ selected }: ChangesModel) => selected !== undefined || "no row is selected"

const bindings: readonly Binding<ChangesModel>[] = [
  {
    keys: ["enter", "d"],
    label: "only these",
    footer: true,
    help: "the log of these requests alone, at the first of them in the window",
    possible: onRow,
    run: model => model.openLog(),
  },
  {
    keys: ["+"],
    label: "add",
    footer: true,
    help: "compare the requests with this value alone",
    possible: onRow,
    run: model => model.narrow(false),
  },
  {
    keys: ["b"],
    label: "compare with",
    now: ({ nextBaseline }) => `compare with ${BASELINES[nextBaseline]}`,
    footer: true,
    help: "compare with the same time yesterday; again, with the time before",
    run: model => model.compareWithNext(),
  },
  {
    keys: ["v"],
    label: "show",
    footer: true,
    help: "what is compared: all requests, those refused (4xx), those that failed (5xx)",
    possible: ({ answer }) => answer !== undefined,
    run: model => model.showNext(),
  },
  {
    keys: ["-"],
    label: "not this",
    help: "compare the requests without this value",
    possible: onRow,
    run: model => model.narrow(true),
  },
  {
    keys: ["<"],
    label: "undo filter",
    help: "undo the last change of the filter",
    possible: ({ state }) => state.steps.length > 0,
    run: model => model.undo(),
  },
  pinChanges,
  copyBinding("copy the selected value, or its row"),
  {
    keys: ["ctrl-r"],
    label: "again",
    help: "compare again, where that failed",
    possible: ({ failure }) => failure !== undefined,
    run: model => model.again(),
  },
  ...moving<ChangesModel>(EVERY_MOTION),
]

const topics: readonly Topic[] = [
  {
    title: "What changed: of the errors where their share changed, else of all requests that pass the filter",
    entries: [
      ["SHARE OF THE CHANGE", "how much of the difference this value makes; one request has a value of each dimension"],
      ["new at 03:02:10", "none such before; the first came then"],
      ["its usual share", "no more than its usual part of all requests: no cause"],
      ["chance alone", "could be chance: dim, and last"],
    ],
  },
]

/** What changed between two windows of the log: the values that explain most of the difference. */
export const changesScreen = defineScreen<Destinations["changes"], ChangesModel>({
  id: "changes",
  title: "What changed",
  summary: "what changed between two windows of the log, and for whom",
  argument: {
    behind: "changes",
    expects: "a window such as 03:00..03:05, one to compare with, a filter",
    choices: [],
    read: changesOf,
  },
  topics,
  bindings,
  useModel: useChanges,
  Body: ({ model, size }) => (
    <Box flexDirection="column">
      <Lines lines={changesLines(model, size)} columns={size.columns} />
    </Box>
  ),
})

/** Reads `03:00..03:05 02:00..03:00 status:5xx`. Throws DeckError `invalid`. */
export function changesOf(typed: string): Destinations["changes"] {
  const words = typed.trim().split(/\s+/)
  const isWindow = (word = "") => /^(\d|today).*\.\./.test(word)
  const windows = words.slice(0, isWindow(words[0]) ? (isWindow(words[1]) ? 2 : 1) : 0)
  const [window, against] = windows.map(word => parseWindow(word, Date.now()))
  if (window === undefined) throw new DeckError("invalid", "begin with a window, such as 03:00..03:05 or 2h..1h")
  const filter = words.slice(windows.length).join(" ")
  return { filter, window, ...(against && { against }) }
}

function changesLines(model: ChangesModel, { columns }: Size): Piece[][] {
  const { answer, failure, state, after, before, now } = model
  const told = { after, before, answer, now, columns }
  const head = [titlePieces(told), filterPieces(state.filter, told)]
  if (failure) return [...head, [], ...failureLines(failure, columns - 6).map(line => [piece(shown`   `), ...line])]
  if (answer === undefined) return [...head, [], ...(model.isSlow ? [readingPieces(told)] : [])]
  const missing = missingPieces(answer)
  const notes = missing ? [missing] : []
  const layout = layOut(
    changesColumns(
      model.names,
      answer.data.some(row => row.share_of_change !== null),
      columns,
    ),
    columns,
  )
  const rows = inSight(answer.data, model.at, model.height - notes.length).map(([row, isAt]) =>
    emphasized(rowPieces(layout, row), isAt ? "selected" : "plain", columns),
  )
  const none = rows.length === 0 ? [[piece(shown`   no such requests in either window`, "dim")]] : []
  return [...head, ...notes, headerPieces(layout), ...rows, ...none]
}
