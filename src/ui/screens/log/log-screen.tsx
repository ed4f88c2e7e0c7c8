import { Box } from "ink"
import { useMemo } from "react"
import { TERM_KINDS } from "../../../domain/access-log-filter.ts"
import { shown } from "../../../domain/safe-text.ts"
import { defineBindings } from "../../keys/binding.ts"
import { defineScreen, type Size } from "../../screen/screen.ts"
import { unmarkBinding } from "../../screen/table/marks.ts"
import { copyBinding } from "../../taking/copy.tsx"
import { saveBinding } from "../../taking/save.tsx"
import { Line, Lines, piece } from "../../widgets/line.tsx"
import { layOut, TableHeader } from "../../widgets/table.tsx"
import { entryLinks } from "./entry-links.ts"
import { FilterLine } from "./filter-line.tsx"
import { logColumns } from "./log-columns.ts"
import { LogHeader } from "./log-header.tsx"
import { LogRows } from "./log-rows.tsx"
import { type LogModel, useLog } from "./use-log.ts"

const page = (model: LogModel) => Math.max(1, model.state.height - 1)
const isTyping = (model: LogModel) => model.editing !== undefined
const onEntry = ({ snapshot, state }: LogModel) => {
  if (snapshot === null || snapshot.end === snapshot.start) return "there is no row to act on"
  const row = snapshot.rows[state.cursor - snapshot.rowsFrom]
  return !row || row.kind === "entry" || "this row is no request"
}

const declaration = {
  title: "Log",
  summary: "the gateway's requests as they happen",
  bindings: defineBindings<LogModel>([
    {
      keys: ["/"],
      label: "filter",
      footer: true,
      help: "filter; opens with the expression in force",
      run: model => model.editFilter(),
    },
    {
      keys: ["enter"],
      label: "detail",
      footer: true,
      help: "every field of the selected entry",
      possible: onEntry,
      run: model => model.inspect(),
    },
    ...entryLinks,
    {
      keys: [" "],
      label: "mark",
      footer: true,
      help: "mark the selected request, or no longer; a live log stops there",
      possible: ({ entry }) => entry !== undefined || "this row is no request",
      run: model => model.mark(),
    },
    copyBinding("copy the selected request, a field of it, or the marked ones"),
    saveBinding("save the marked requests, or all that match to the start of the stream, as NDJSON or CSV"),
    unmarkBinding,
    {
      keys: ["G", "end"],
      label: "go live",
      footer: true,
      help: "follow the newest entries again",
      possible: model => !model.state.following,
      run: model => model.resume(),
    },
    {
      keys: ["k", "up"],
      repeats: true,
      label: "pause, up",
      footer: true,
      help: "up, which pauses; past the oldest row, older pages",
      run: model => model.move(-1),
    },
    { keys: ["j", "down"], repeats: true, label: "down", run: model => model.move(1) },
    { keys: ["pageup", "ctrl-u"], repeats: true, label: "page up", run: model => model.move(-page(model)) },
    { keys: ["pagedown", "ctrl-d"], repeats: true, label: "page down", run: model => model.move(page(model)) },
    {
      keys: ["g", "home"],
      label: "oldest",
      help: "the oldest row, and the page before it",
      run: model => model.oldest(),
    },
    {
      keys: ["<"],
      label: "undo filter",
      footer: true,
      help: "the filter as it was before its last change; again, before that",
      possible: model => model.hasSteps || "the filter was not changed here",
      run: model => model.undoFilter(),
    },
    {
      keys: ["x"],
      label: "no filter",
      footer: true,
      help: "drop the filter",
      possible: model => (model.snapshot?.filter ?? "") !== "",
      run: model => model.clearFilter(),
    },
    {
      keys: ["enter"],
      label: "apply",
      help: "while the filter is typed: apply it",
      footer: true,
      inField: true,
      possible: isTyping,
      run: model => model.applyFilter(),
    },
    {
      keys: ["up"],
      label: "older filter",
      help: "while the filter is typed: what it was before, in this session or in others",
      footer: true,
      inField: true,
      possible: ({ editing }) => editing !== undefined && editing.field.at + 1 < editing.field.past.length,
      run: model => model.recall(1),
    },
    {
      keys: ["down"],
      label: "newer filter",
      help: "while the filter is typed: back to what was typed",
      inField: true,
      possible: ({ editing }) => editing !== undefined && editing.field.at >= 0,
      run: model => model.recall(-1),
    },
    {
      keys: ["esc"],
      label: "keep as it was",
      help: "while the filter is typed: leave it as it was",
      footer: true,
      inField: true,
      possible: isTyping,
      run: model => model.dropEdit(),
    },
  ]),
  topic: {
    title: "The filter: terms are ANDed, - negates, a,b is either",
    entries: TERM_KINDS.map(({ example, expects }) => [example, expects] as const),
  },
  Body: LogBody,
}

/** The gateway's requests as they happen. */
export const logScreen = defineScreen<void, LogModel>({
  ...declaration,
  id: "log",
  digit: "1",
  useModel: (_, size) => useLog("", size),
})

/** The same with a filter to begin with, over the screen that it was asked for from. */
export const filteredLogScreen = defineScreen<{ filter: string }, LogModel>({
  ...declaration,
  id: "filtered-log",
  scope: "log",
  argument: { behind: "log", expects: "a filter", choices: [], read: filter => ({ filter }) },
  useModel: ({ filter }, size) => useLog(filter, size),
})

function LogBody({ model, size }: { model: LogModel; size: Size }) {
  const { columns } = size
  const layout = useMemo(() => layOut(logColumns, columns), [columns])
  const { snapshot, state } = model
  const typing = (
    <>
      <FilterLine
        editing={model.editing}
        inForce={snapshot?.filter ?? ""}
        marked={model.marks.marked.size}
        columns={columns}
      />
      <Lines lines={model.hint} columns={columns} />
    </>
  )
  if (!snapshot) {
    return (
      <Box flexDirection="column">
        <Line pieces={[piece(shown` ○ one moment`, "look")]} columns={columns} />
        {typing}
      </Box>
    )
  }
  return (
    <Box flexDirection="column">
      <LogHeader snapshot={snapshot} state={state} now={model.now} columns={columns} />
      {typing}
      <TableHeader layout={layout} columns={columns} />
      <LogRows
        snapshot={snapshot}
        state={state}
        layout={layout}
        names={model.names}
        marked={model.marks.marked}
        size={{ columns, rows: state.height }}
      />
    </Box>
  )
}
