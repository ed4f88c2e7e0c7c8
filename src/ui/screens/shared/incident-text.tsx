import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { asDeckError } from "../../../domain/errors.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { defineDialog } from "../../kit/dialog/define-dialog.tsx"
import { recallBindings, useRememberedField } from "../../kit/remembered-field.ts"
import { useShell } from "../../kit/shell.ts"
import { readAgain } from "../../runtime/query.ts"
import { fieldPieces } from "../../widgets/text-field-view.ts"
import { paragraph } from "../../widgets/wrap.ts"

type TextParams =
  /** What is wrong, in an incident that begins; `text` is a proposal. */
  | { readonly kind: "start"; readonly text: string }
  /** A note to an incident; to the open one without an id. */
  | { readonly kind: "note"; readonly id?: string; readonly text?: string }
  /** A line of the timeline in other words. */
  | { readonly kind: "correct"; readonly id: string; readonly line: string; readonly text: string }

const HEADINGS = {
  start: shown`What is wrong`,
  note: shown`A note to the incident`,
  correct: shown`In other words`,
}
const ABOUT = {
  start: shown`Begins an incident: notes, pins, alerts, filters of its consoles, and what operators change, go on one timeline. Nothing changes on the platform.`,
  note: shown`A sentence for whoever comes next. No secret, and nothing that users wrote.`,
  correct: shown`Takes the place of what was written, which stays in its file. That it was corrected, when and by whom stands beside it.`,
}

/** Loaded once something is written: the console's start does not pay for it. */
const services = () => import("../../../services/incidents/incidents.ts")
const corrections = () => import("../../../services/incidents/correct-incident.ts")

/** Dialog that begins an incident, or writes a note to it; `:note TEXT` does so without it. */
export const incidentText = defineDialog<TextParams, ReturnType<typeof useText>>({
  id: "incident-text",
  title: "Incident",
  summary: "write a note to the open incident",
  columns: 80,
  typedAhead: true,
  argument: {
    behind: "note",
    expects: "a note to the open incident",
    choices: [],
    read: async (text, deck, signal) => {
      const { id } = await deck.run((await services()).noteIncident, { text }, { signal })
      return { kind: "note", id }
    },
    says: params => shown`noted to incident ${show(params.kind === "note" ? (params.id ?? "") : "")}`,
  },
  bindings: [
    { keys: ["enter"], label: "write down", footer: true, inField: true, run: model => model.take() },
    ...recallBindings,
  ],
  useModel: useText,
  heading: ({ kind }) => HEADINGS[kind],
  lines: ({ kind, typing, mistake }, { columns }) => [
    typing ? fieldPieces(typing.text, columns, { focused: true }) : [],
    [],
    ...(mistake === undefined ? paragraph(ABOUT[kind], columns, "dim") : paragraph(show(mistake), columns, "act")),
  ],
})

function useText(params: TextParams) {
  const shell = useShell()
  const queries = useQueryClient()
  const [mistake, setMistake] = useState<string>()
  const [isWriting, setWriting] = useState(false)
  const { text = "", ...typed } = useRememberedField("note", params.text ?? "", () => setMistake(undefined))
  const close = () => {
    typed.close()
    shell.back()
  }
  const write = async () => {
    setWriting(true)
    try {
      const { noteIncident, startIncident } = await services()
      if (params.kind === "start") {
        const { id } = await shell.deck.run(startIncident, { text })
        shell.incidents.look()
        close()
        readAgain(queries, { queryKey: ["incident"] })
        shell.say(shown`incident ${show(id)} begins: W opens it`, "good")
      } else if (params.kind === "correct") {
        const { correctIncident } = await corrections()
        const { id } = await shell.deck.run(correctIncident, { text, line: params.line, id: params.id })
        shell.incidents.look()
        close()
        readAgain(queries, { queryKey: ["incident"] })
        shell.say(shown`corrected in incident ${show(id)}`, "good")
      } else {
        const { id } = await shell.deck.run(noteIncident, { text, ...(params.id !== undefined && { id: params.id }) })
        close()
        readAgain(queries, { queryKey: ["incident"] })
        shell.say(shown`noted to incident ${show(id)}`, "good")
      }
    } catch (error) {
      setMistake(asDeckError(error).message)
      setWriting(false)
    }
  }
  return { ...typed, kind: params.kind, mistake, close, take: () => !isWriting && void write() }
}
