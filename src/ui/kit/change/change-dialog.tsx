import { useQueryClient } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import type { z } from "zod"
import { asDeckError, type DeckError } from "../../../domain/errors.ts"
import { type Shown, shown } from "../../../domain/safe-text.ts"
import type { Change, Outcome, Preview } from "../../../services/operation.ts"
import { readAgain } from "../../runtime/query.ts"
import { bar } from "../../widgets/chart.ts"
import { grouped } from "../../widgets/format.ts"
import { defineDialog } from "../dialog/define-dialog.tsx"
import type { Size } from "../screen.ts"
import { useScreenReducer, useScreenRef, useShell } from "../shell.ts"
import { CHANGE_COLUMNS, firstWord, previewLines, previewStateLines } from "./change-lines.ts"
import { type ChangeModel, changeBindings, useChange } from "./change-model.ts"
import {
  asking,
  type ChangeAction,
  type ChangeState,
  changeReducer,
  chosenOptions,
  filledIn,
  initialChange,
} from "./change-state.ts"
import { usePreview } from "./preview-state.ts"
import { outcomePieces } from "./steps.ts"

export interface ActionParams {
  readonly change: Change<z.ZodObject, unknown>
  /** Input of the change; its `reason` is the initial text of the field. */
  readonly input: Readonly<Record<string, unknown>>
  /** What the screen knows of its effects beside the preview, a sentence each. */
  readonly impact?: readonly string[]
  /** Text of the button; default: the first word of the title. */
  readonly verb?: string
  /** Fields of the input that are offered: boolean ones as check boxes, others as texts, filled in from the input. */
  readonly options?: readonly string[]
  /** Values that the operator saw; another value by now is a conflict. */
  readonly seen?: Readonly<Record<string, unknown>>
  /** Whether it can be cancelled while it runs. */
  readonly stoppable?: boolean
  /** Called after the change, once the dialog is closed. */
  readonly done?: (outcome: Outcome<unknown>) => void
  /** Returns how to handle a refusal once the dialog is closed; undefined leaves it to the dialog. */
  readonly takesBack?: (error: DeckError, reason: string) => (() => void) | undefined
}

/** Dialog that shows the effects of a change and asks for a reason. Cancel is the default. */
export const changeDialog = defineDialog<ActionParams, ChangeModel>({
  id: "action",
  title: "Change",
  summary: "what will happen, before it does",
  columns: CHANGE_COLUMNS,
  bindings: changeBindings,
  useModel: useAction,
  heading: ({ title }) => title,
  lines: ({ lines }) => lines,
})

/** Draws `████░░  40 000 of 100 000`. */
const progressText = (done: number, all: number): Shown =>
  shown`${bar(done / all, 24, "░")}  ${grouped(done)} of ${grouped(all)}`

/** Nothing has an effect where nothing changes. */
const withImpact = (preview: Preview, impact: readonly string[]): Preview =>
  preview.unchanged ? preview : { ...preview, effects: [...preview.effects, ...impact] }

const given = (options: readonly string[], input: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(options.filter(name => name in input).map(name => [name, input[name]]))

interface Asked {
  readonly typed: string | undefined
  readonly action: ChangeAction
}

/** Applies an action to the form as it is on the screen, with its confirmation field. */
const reduceAsking = (kept: ChangeState, { typed, action }: Asked) => changeReducer(asking(kept, typed), action)

function useAction(params: ActionParams, inner: Size): ChangeModel {
  const { change, options = [], seen = {}, impact = [] } = params
  const { reason: begun, ...input } = params.input
  const shell = useShell()
  const queries = useQueryClient()
  const [kept, keep] = useScreenReducer("action", reduceAsking, () =>
    initialChange({ input: change.input, options, reason: begun as string | undefined, values: given(options, input) }),
  )
  const reason = String(filledIn(kept).reason ?? "")
  const asked = { ...input, ...chosenOptions(kept) }
  const previewState = usePreview(
    [...change.words, asked],
    signal => shell.deck.preview(change, asked, { signal }),
    kept.running,
  )
  const preview = "seen" in previewState ? previewState.seen : undefined

  const typed = preview?.typed
  const state = asking(kept, typed)
  const dispatch = (action: ChangeAction) => keep({ typed, action })

  const { takesBack } = params
  const refusal = previewState.state === "refused" ? previewState.error : undefined
  const below = refusal && takesBack?.(refusal, reason)
  useEffect(() => {
    if (below) closeFor(below)
  })

  const closeFor = (then: () => void) => {
    shell.back()
    then()
  }
  const { stoppable = false } = params
  const cancelling = useScreenRef("cancelling", () => new AbortController())
  const [done, setDone] = useState<Shown>()
  const run = async () => {
    cancelling.current = new AbortController()
    setDone(undefined)
    dispatch({ type: "run" })
    try {
      const outcome = await shell.deck.change(
        change,
        { ...input, ...filledIn(state) },
        {
          seen: typed === undefined ? seen : { ...seen, confirmed: typed },
          progress: (done, all) => setDone(progressText(done, all)),
          ...(stoppable && { signal: cancelling.current.signal }),
        },
      )
      shell.back()
      shell.say(outcomePieces(title, outcome.steps))
      shell.owed.note(outcome.steps, title)
      params.done?.(outcome)
    } catch (thrown) {
      const error = asDeckError(thrown)
      const below = takesBack?.(error, reason)
      if (below) closeFor(below)
      else dispatch({ type: "fail", error })
    }
    // Reads everything again, whatever the result.
    readAgain(queries)
  }

  const { columns } = inner
  const title = preview?.title ?? (refusal ? "Not possible" : "…")
  const model = useChange({
    title,
    state,
    dispatch,
    previewState,
    read: previewStateLines(previewState, seen => previewLines(withImpact(seen, impact), inner), columns),
    verb: params.verb ?? firstWord(title),
    notes: preview?.notes,
    ...(done && { progress: done }),
    columns,
    run,
  })
  const cancel = () => {
    cancelling.current.abort()
    setDone(shown`cancelling…`)
  }
  return {
    ...model,
    isUnderWay: state.running,
    ...(stoppable && state.running && { stays: undefined, escape: "cancel", close: cancel }),
  }
}
