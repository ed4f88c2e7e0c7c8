import { useQueryClient } from "@tanstack/react-query"
import { useRef } from "react"
import type { z } from "zod"
import { asDeckError } from "../../../domain/errors.ts"
import type { Change, Preview } from "../../../services/operation.ts"
import { readAgain } from "../../runtime/query.ts"
import { defineDialog } from "../dialog/define-dialog.tsx"
import type { DialogLines } from "../dialog/dialog-lines.ts"
import type { Noun } from "../export/choices.ts"
import type { Size } from "../screen.ts"
import { useScreenReducer, useShell } from "../shell.ts"
import { bulkPreviewLines, bulkProgress, resultLines } from "./bulk-change-lines.ts"
import {
  type BulkInput,
  bulkReducer,
  commonNotes,
  groupRows,
  initialBulk,
  isAboutRow,
  previewOf,
  type RowPreview,
} from "./bulk-change-state.ts"
import { CHANGE_COLUMNS, hasFewRows, previewStateLines } from "./change-lines.ts"
import { type ChangeModel, changeBindings, useChange } from "./change-model.ts"
import { chosenOptions, filledIn, initialChange } from "./change-state.ts"
import { usePreview } from "./preview-state.ts"

export interface BulkParams {
  /** Text of the button: `Suspend`. */
  readonly verb: string
  readonly noun: Noun
  readonly change: Change<z.ZodObject, unknown>
  readonly inputs: readonly BulkInput[]
  /** Boolean fields of the input that are offered as check boxes. */
  readonly options?: readonly string[]
  /** Called at the end. */
  readonly done?: (ended: BulkEnd) => void
}

/** Ids of the rows that are finished: all but those that a temporary failure stopped. */
interface BulkEnd {
  readonly settled: readonly string[]
  readonly changed: readonly string[]
}

/** Dialog that changes many rows one after another, each in its own transaction. */
export const bulkChangeDialog = defineDialog<BulkParams, ChangeModel>({
  id: "bulk",
  title: "Change many",
  summary: "the same change for every marked row",
  columns: CHANGE_COLUMNS,
  bindings: changeBindings,
  useModel: useBulk,
  heading: ({ title }) => title,
  lines: ({ lines }) => lines,
})

function useBulk({ verb, noun, change, inputs, options = [], done }: BulkParams, inner: Size): ChangeModel {
  const shell = useShell()
  const queries = useQueryClient()
  const [state, dispatch] = useScreenReducer("bulk", bulkReducer, () =>
    initialBulk(initialChange({ input: change.input, options })),
  )
  const { action, ended } = state
  const stopped = useRef(false)
  const chosen = chosenOptions(action)
  const previewState = usePreview(
    [...change.words, chosen, inputs],
    signal => previewAll(inputs, row => shell.deck.preview(change, { ...row.input, ...chosen }, { signal })),
    action.running,
  )
  const rows = "seen" in previewState ? previewState.seen.rows : []
  const groups = groupRows(rows)
  const { changing } = groups

  const run = async () => {
    dispatch({ type: "run" })
    const changed: string[] = []
    const settled = [...groups.refused, ...groups.unchanged].map(row => row.id)
    for (const { id, input } of changing) {
      if (stopped.current) break
      dispatch({ type: "start", id })
      try {
        const { steps } = await shell.deck.change(change, { ...input, ...filledIn(action) })
        dispatch({ type: "result", id, result: { steps } })
        shell.owed.note(steps, id)
        settled.push(id)
        if (steps.length > 0) changed.push(id)
      } catch (thrown) {
        const error = asDeckError(thrown)
        dispatch({ type: "result", id, result: { failure: error.message } })
        if (!isAboutRow(error)) break
        settled.push(id)
      }
    }
    dispatch({ type: "end" })
    done?.({ settled, changed })
    readAgain(queries)
  }
  const stop = () => {
    stopped.current = true
    dispatch({ type: "stop" })
  }

  const { columns } = inner
  const isKnown = previewState.state === "known" || previewState.state === "outdated"
  const count = isKnown && changing.length < inputs.length ? `${changing.length} of ${inputs.length}` : inputs.length
  const model = useChange({
    title: `${verb} ${count} marked ${noun[inputs.length === 1 ? 0 : 1]}`,
    state: action,
    dispatch,
    previewState,
    read: previewStateLines(previewState, seen => bulkPreviewLines(seen.rows, columns, hasFewRows(inner)), columns),
    verb: isKnown ? `${verb} ${changing.length}` : verb,
    notes: commonNotes(groups),
    columns,
    run: () => void run(),
  })
  if (!action.running) return model
  const results: DialogLines = {
    read: resultLines(state, rows, columns),
    below: [bulkProgress(state, rows, columns)],
    about: ended ? "results" : "",
  }
  return {
    ...model,
    isUnderWay: !ended,
    lines: results,
    stays: undefined,
    escape: ended ? "close" : "stop",
    close: ended ? shell.back : stop,
    ...(ended && { refusal: undefined, enter: "close", press: shell.back }),
  }
}

/** Previews that are read at the same time. */
const AT_A_TIME = 4

/** Previews the change of each row; throws failures that no row caused, such as a lost connection. */
async function previewAll(inputs: readonly BulkInput[], preview: (row: BulkInput) => Promise<Preview>) {
  const rows: RowPreview[] = []
  for (let from = 0; from < inputs.length; from += AT_A_TIME) {
    const some = inputs.slice(from, from + AT_A_TIME)
    rows.push(
      ...(await Promise.all(some.map(async row => preview(row).then(seen => previewOf(row, seen), refusalOf(row))))),
    )
  }
  const { changing, unchanged } = groupRows(rows)
  if (changing.length > 0) return { rows }
  return { rows, stops: unchanged.length > 0 ? "none of them would change" : "all of them are refused" }
}

const refusalOf = (row: BulkInput) => (thrown: unknown) => {
  const error = asDeckError(thrown)
  if (!isAboutRow(error)) throw error
  return { ...row, refusal: error.message }
}
