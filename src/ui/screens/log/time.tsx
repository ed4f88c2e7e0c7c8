import { useState } from "react"
import { asDeckError } from "../../../domain/errors.ts"
import { fit, show, shown, width } from "../../../domain/safe-text.ts"
import { parseTimeTarget, TIME_TARGETS, type TimeTarget } from "../../../domain/time-target.ts"
import { defineBindings } from "../../keys/binding.ts"
import { type FieldText, fieldTarget, fieldText, textOf } from "../../keys/text-field.ts"
import { defineScreen, type ScreenModel } from "../../kit/screen.ts"
import { useShell } from "../../kit/shell.ts"
import { Dialog, dialogInner } from "../../widgets/dialog.tsx"
import { piece } from "../../widgets/line.tsx"
import { fieldPieces } from "../../widgets/text-field-view.ts"
import { wrap } from "../../widgets/wrap.ts"
import { zone } from "../../widgets/zone.ts"

interface TimeParams {
  /** Is told where to go. */
  readonly go: (place: TimeTarget) => void
}

interface TimeModel extends ScreenModel {
  readonly text: FieldText
  readonly mistake: string | undefined
  take(): void
  close(): void
}

/** Where in the log to go: a time, so long ago, or an entry. */
export const timeScreen = defineScreen<TimeParams, TimeModel>({
  id: "time",
  title: "Go to a time",
  summary: "go to a time of the log, or to an entry by its id",
  overlay: true,
  bindings: defineBindings<TimeModel>([
    { keys: ["enter"], label: "go", footer: true, inField: true, help: "go there", run: model => model.take() },
    { keys: ["esc"], label: "close", footer: true, inField: true, run: model => model.close() },
  ]),
  useModel: ({ go }) => {
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
      close: back,
    }
  },
  Body: ({ model: { text, mistake }, size }) => {
    const columns = Math.min(size.columns - 4, 72)
    const room = dialogInner(columns)
    const head = shown`${show(zone.snapshot)} `
    const lines = [
      [piece(head, "dim"), ...fieldPieces(text, room - width(head), { focused: true })],
      [],
      ...wrap(show(mistake ?? ""), room).map(line => [piece(line, "act")]),
      ...TIME_TARGETS.map(([typed, means]) => [piece(fit(show(typed), 22), "key"), piece(show(means), "dim")]),
    ]
    return <Dialog title={shown`Go to a time`} lines={lines} columns={columns} />
  },
})
