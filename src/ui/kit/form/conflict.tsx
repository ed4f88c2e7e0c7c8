import { useQuery } from "@tanstack/react-query"
import type { z } from "zod"
import type { Conflict } from "../../../domain/errors.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { fieldsOf, labelOf } from "../../../domain/schema.ts"
import { listAudit } from "../../../services/audit-log.ts"
import { timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { hanging } from "../../widgets/wrap.ts"
import { closing, defineDialog } from "../dialog/define-dialog.tsx"
import { moving, useChoosing } from "../moving.ts"
import { useScreenState, useShell } from "../shell.ts"
import type { Resolution } from "./draft-state.ts"
import { spelled } from "./form-field.ts"

interface ConflictParams {
  /** Name of the edited record. */
  readonly title: string
  /** Target of its audit rows. */
  readonly target: string
  /** Schema of the fields. */
  readonly input: z.ZodObject
  readonly conflicts: readonly Conflict[]
  readonly resolve: (resolution: Resolution) => void
}

/** Dialog for an edit conflict: original, saved and typed value of each field, and which of the last two to keep. */
export const conflictScreen = defineDialog({
  id: "conflict",
  title: "Conflict",
  summary: "resolve an edit conflict, field by field",
  columns: 120,
  bindings: [
    {
      keys: ["left"],
      label: "theirs",
      footer: true,
      help: "take what they saved",
      run: model => model.take(true),
    },
    {
      keys: ["right"],
      label: "yours",
      footer: true,
      help: "keep what you typed",
      run: model => model.take(false),
    },
    ...moving({
      down: { keys: ["down", "j", "tab"], label: "next field", footer: true },
      up: { keys: ["up", "k", "shift-tab"], label: "field before" },
    }),
    {
      keys: ["enter"],
      label: "back to the form",
      footer: true,
      help: "back to the form with what you chose; nothing is saved yet",
      run: model => model.resolve(),
    },
    { ...closing(), label: "decide later", help: "back to the form as it was; saving asks again" },
  ],
  useModel: useConflict,
  heading: ({ params, who }) => shown`Somebody saved ${show(params.title)} while you were editing${who}`,
  lines: (model, { columns }) => conflictLines(model, columns),
})

function useConflict(params: ConflictParams) {
  const { target, conflicts } = params
  const shell = useShell()
  const choosing = useChoosing(conflicts.length)
  /** Fields that get the saved value: none until the operator says so. */
  const [taken, change] = useScreenState("taken", (): ReadonlySet<string> => new Set())
  const { data } = useQuery({
    queryKey: [...listAudit.words, { target_id: target, limit: 1 }],
    queryFn: ({ signal }) => shell.deck.run(listAudit, { target_id: target, limit: 1 }, { signal }),
  })
  const last = data?.data[0]
  return {
    ...choosing,
    params,
    taken,
    who: last ? shown` (${show(last.actor_login ?? "somebody")}, ${timeOfDay(last.ts)})` : shown``,
    take: (theirs: boolean) => {
      const field = new Set([(conflicts[choosing.at] as Conflict).field])
      change(taken => (theirs ? taken.union(field) : taken.difference(field)))
    },
    resolve: () => {
      shell.back()
      params.resolve({ type: "resolve", conflicts, taken })
    },
  }
}

const SIDE = 6

function conflictLines({ params, at, taken }: ReturnType<typeof useConflict>, columns: number): Piece[][] {
  const { input, conflicts } = params
  const textsOf = ({ field, was, theirs, yours }: Conflict): Texts => {
    const text = (value: unknown) => show(spelled(fieldsOf(input)[field], value) || "(nothing)", 512)
    return { was: text(was), theirs: text(theirs), yours: text(yours) }
  }
  const labels = conflicts.map(({ field }) => show(labelOf(input, field)))
  const label = Math.min(16, Math.max(...labels.map(width))) + 2
  const cell = Math.floor((columns - label - 2 - SIDE) / 3) - 2
  const cut = (text: Shown) => shown`${fit(text, cell)}  `
  const header = piece(
    shown`  ${fit(shown``, label)}${cut(shown`was`)}${cut(shown`theirs`)}${cut(shown`yours`)}`,
    "dim",
  )
  const rows = conflicts.map((conflict, index): Piece[] => {
    const texts = textsOf(conflict)
    const theirs = taken.has(conflict.field)
    const here = index === at
    return [
      piece(shown`${here ? shown`▌` : shown` `} ${fit(labels[index] as Shown, label)}`, here ? "key" : "plain"),
      piece(cut(texts.was), "dim"),
      piece(cut(texts.theirs), theirs ? "strong" : "dim"),
      piece(cut(texts.yours), theirs ? "dim" : "strong"),
      piece(theirs ? shown`theirs` : shown`yours`, theirs ? "look" : "good"),
    ]
  })
  return [[header], ...rows, ...wholeLines(textsOf(conflicts[at] as Conflict), cell, columns)]
}

type Texts = Readonly<Record<"was" | "theirs" | "yours", Shown>>

/** Returns in full the values of the selected field that the cells cut. */
function wholeLines(texts: Texts, cell: number, columns: number): Piece[][] {
  const cutOff = Object.entries(texts).filter(([, text]) => width(text) > cell)
  if (cutOff.length === 0) return []
  const whole = cutOff.flatMap(([name, text]) => hanging(piece(shown`  ${fit(show(name), 8)}`, "dim"), text, columns))
  return [[], ...whole]
}
