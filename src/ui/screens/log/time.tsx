import { useState } from "react"
import { asDeckError } from "../../../domain/errors.ts"
import { fit, show, shown, width } from "../../../domain/safe-text.ts"
import { parseTimeTarget, TIME_TARGETS, type TimeTarget } from "../../../domain/time-target.ts"
import { defineDialog } from "../../kit/dialog/define-dialog.tsx"
import { recallBindings, useRememberedField } from "../../kit/remembered-field.ts"
import { useShell } from "../../kit/shell.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { fieldPieces } from "../../widgets/text-field-view.ts"
import { paragraph } from "../../widgets/wrap.ts"
import { zone } from "../../widgets/zone.ts"

interface TimeParams {
  readonly go: (place: TimeTarget) => void
}

/** Dialog that goes to a time of the log, absolute or relative, or to an entry. */
export const timeScreen = defineDialog({
  id: "time",
  title: "Go to a time",
  summary: "go to a time of the log, or to an entry by its id",
  columns: 72,
  typedAhead: true,
  bindings: [
    { keys: ["enter"], label: "go", footer: true, inField: true, help: "go there", run: model => model.take() },
    ...recallBindings,
  ],
  useModel: ({ go }: TimeParams) => {
    const { back, clock } = useShell()
    const [mistake, setMistake] = useState<string>()
    const { text = "", ...typed } = useRememberedField("time", "", () => setMistake(undefined))
    const close = () => {
      typed.close()
      back()
    }
    return {
      ...typed,
      close,
      mistake,
      take: () => {
        try {
          const place = parseTimeTarget(text, { now: clock.times.snapshot, isLocal: zone.snapshot === "local" })
          close()
          go(place)
        } catch (error) {
          setMistake(asDeckError(error).message)
        }
      },
    }
  },
  lines: ({ typing, mistake }, { columns }) => {
    const head = shown`${show(zone.snapshot)} `
    return [
      [piece(head, "dim"), ...(typing ? fieldPieces(typing.text, columns - width(head), { focused: true }) : [])],
      [],
      ...paragraph(show(mistake ?? ""), columns, "act"),
      ...TIME_TARGETS.map(([typed, means]): Piece[] => [piece(fit(show(typed), 22), "key"), piece(show(means), "dim")]),
    ]
  },
})
