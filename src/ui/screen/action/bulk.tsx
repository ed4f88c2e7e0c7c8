import { useQueryClient } from "@tanstack/react-query"
import { useRef } from "react"
import type { z } from "zod"
import { asDeckError } from "../../../domain/errors.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import type { Change, Preview } from "../../../services/operation.ts"
import { usePlaceReducer, useShell } from "../../shell/shell-context.ts"
import { Dialog, dialogInner } from "../../widgets/dialog.tsx"
import { defineScreen, type Size } from "../screen.ts"
import { actionLines, dialogColumns, fillDialog, firstWord, foresightLines } from "./action-lines.ts"
import { type ActionModel, actionBindings, actionKeys } from "./action-model.ts"
import { chosenOptions, filledIn, initialAction } from "./action-state.ts"
import { bulkPreviewLines, bulkProgress, resultLines } from "./bulk-lines.ts"
import {
  type BulkInput,
  bulkReducer,
  foresee,
  freeRows,
  initialBulk,
  isAboutRow,
  type RowForesight,
} from "./bulk-state.ts"
import { useForesight, useSeenSince } from "./foresight.ts"

export interface BulkParams {
  /** What is done to so many rows; its first word stands on the button: `Suspend 12 users`. */
  readonly title: (count: number) => string
  readonly change: Change<z.ZodObject, unknown>
  readonly inputs: readonly BulkInput[]
  /** The boolean fields of the input that are offered as check boxes. */
  readonly options?: readonly string[]
  /** Called after each row that was done. */
  readonly done?: (id: string) => void
}

/** The same change for many rows, one after another, each by itself: what becomes of one is not undone by the next. */
export const bulkActionScreen = defineScreen<BulkParams, ActionModel>({
  id: "bulk",
  title: "Change many",
  summary: "the same change for every marked row",
  overlay: true,
  bindings: actionBindings,
  useModel: useBulk,
  Body: ({ model, size }) => <Dialog title={model.title} lines={model.lines} columns={dialogColumns(size)} />,
})

function useBulk({ title, change, inputs, options = [], done }: BulkParams, size: Size): ActionModel {
  const shell = useShell()
  const queries = useQueryClient()
  const [state, dispatch] = usePlaceReducer("bulk", bulkReducer, () =>
    initialBulk(initialAction({ input: change.input, options })),
  )
  const { action, ended } = state
  const stopped = useRef(false)
  const chosen = chosenOptions(action)
  const foresight = useForesight(
    [...change.words, chosen, inputs],
    signal => foreseeAll(inputs, row => shell.deck.preview(change, { ...row.input, ...chosen }, { signal })),
    action.running,
  )
  const seenSince = useSeenSince(foresight)
  const rows = "seen" in foresight ? foresight.seen.rows : []
  const free = freeRows(rows)

  const run = async () => {
    dispatch({ type: "run" })
    for (const { id, input } of free) {
      if (stopped.current) break
      dispatch({ type: "start", id })
      try {
        const { steps } = await shell.deck.change(change, { ...input, ...filledIn(action) })
        dispatch({ type: "result", id, result: { steps } })
        shell.owed.note(steps)
        done?.(id)
      } catch (thrown) {
        const error = asDeckError(thrown)
        dispatch({ type: "result", id, result: { failure: error.message } })
        if (!isAboutRow(error)) break
      }
    }
    dispatch({ type: "end" })
    void queries.invalidateQueries()
  }
  const stop = () => {
    stopped.current = true
    dispatch({ type: "stop" })
  }

  const columns = dialogInner(dialogColumns(size))
  const name = title(inputs.length)
  const { lines, ...scrolling } = action.running
    ? fillDialog(resultLines(state, rows, columns), [bulkProgress(state, rows, columns)], size, action.top)
    : actionLines(
        foresightLines(foresight, seen => bulkPreviewLines(seen.rows, columns), columns),
        { state: action, foresight, verb: show(firstWord(name)), progress: shown`` },
        size,
      )
  const keys = actionKeys({ state: action, dispatch, foresight, shell, scrolling, seenSince, run })
  return {
    ...keys,
    title: shown`${show(name)} on ${show(shell.environment)}`,
    lines,
    stays: undefined,
    refusal: ended ? undefined : keys.refusal,
    leave: ended ? shell.back : action.running ? stop : keys.leave,
    press: ended ? shell.back : keys.press,
  }
}

/** So many rows are looked into at the same time. */
const AT_A_TIME = 4

/** What would happen to each row; throws what is no row's own, such as a connection that is lost. */
async function foreseeAll(inputs: readonly BulkInput[], preview: (row: BulkInput) => Promise<Preview>) {
  const rows: RowForesight[] = []
  for (let from = 0; from < inputs.length; from += AT_A_TIME) {
    const some = inputs.slice(from, from + AT_A_TIME)
    rows.push(
      ...(await Promise.all(some.map(async row => preview(row).then(seen => foresee(row, seen), refusalOf(row))))),
    )
  }
  return freeRows(rows).length === 0 ? { rows, stops: "every one of them is refused" } : { rows }
}

const refusalOf = (row: BulkInput) => (thrown: unknown) => {
  const error = asDeckError(thrown)
  if (!isAboutRow(error)) throw error
  return { ...row, refusal: error.message }
}
