import { useState } from "react"
import { asDeckError } from "../../../domain/errors.ts"
import { fit, show, shown, width } from "../../../domain/safe-text.ts"
import { parseTimeTarget, TIME_TARGETS, type TimeTarget } from "../../../domain/time-target.ts"
import { fieldTarget, fieldText, textOf } from "../../keys/text-field.ts"
import { defineDialog } from "../../kit/dialog/define-dialog.tsx"
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
  bindings: [
    { keys: ["enter"], label: "go", footer: true, inField: true, help: "go there", run: model => model.take() },
  ],
  useModel: ({ go }: TimeParams) => {
    const { back, clock } = useShell()
    const [text, setText] = useState(() => fieldText(""))
    const [mistake, setMistake] = useState<string>()
    return {
      text,
      mistake,
      field: fieldTarget(change => {
        setMistake(undefined)
        setText(change)
      }),
      take: () => {
        try {
          const place = parseTimeTarget(textOf(text), { now: clock.times.snapshot, isLocal: zone.snapshot === "local" })
          back()
          go(place)
        } catch (error) {
          setMistake(asDeckError(error).message)
        }
      },
    }
  },
  lines: ({ text, mistake }, { columns }) => {
    const head = shown`${show(zone.snapshot)} `
    return [
      [piece(head, "dim"), ...fieldPieces(text, columns - width(head), { focused: true })],
      [],
      ...paragraph(show(mistake ?? ""), columns, "act"),
      ...TIME_TARGETS.map(([typed, means]): Piece[] => [piece(fit(show(typed), 22), "key"), piece(show(means), "dim")]),
    ]
  },
})
