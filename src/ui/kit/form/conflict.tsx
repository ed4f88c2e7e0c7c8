import { useQuery } from "@tanstack/react-query"
import type { z } from "zod"
import type { Conflict } from "../../../domain/errors.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { fieldsOf, labelOf } from "../../../domain/schema.ts"
import { listAudit } from "../../../services/audit-list.ts"
import { timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { hanging } from "../../widgets/wrap.ts"
import { closing, defineDialog } from "../dialog/define-dialog.tsx"
import { type Choosing, moving, useChoosing } from "../moving.ts"
import type { ScreenModel } from "../screen.ts"
import { useScreenReducer, useShell } from "../shell.ts"
import { type Resolution, takeReducer } from "./conflict-state.ts"
import { spelled } from "./form-field.ts"

export interface ConflictParams {
  /** What was edited, by its name. */
  readonly title: string
  /** The target of its audit rows. */
  readonly target: string
  /** The input that the fields are of. */
  readonly input: z.ZodObject
  readonly conflicts: readonly Conflict[]
  readonly resolve: (resolution: Resolution) => void
}

interface ConflictModel extends ScreenModel, Choosing {
  readonly params: ConflictParams
  /** The fields whose value is taken from the others. */
  readonly taken: ReadonlySet<string>
  /** Who saved last, and when, as far as the audit trail says. */
  readonly who: Shown
  take(theirs: boolean): void
  resolve(): void
}

/** What somebody else saved while one was editing: was, theirs, yours; either is taken, field by field. */
export const conflictScreen = defineDialog<ConflictParams, ConflictModel>({
  id: "conflict",
  title: "Conflict",
  summary: "what somebody else saved meanwhile",
  columns: 120,
  bindings: [
    {
      keys: ["left", "t"],
      label: "theirs",
      footer: true,
      help: "take what they saved",
      run: model => model.take(true),
    },
    {
      keys: ["right", "y"],
      label: "yours",
      footer: true,
      help: "keep what you typed",
      run: model => model.take(false),
    },
    ...moving<ConflictModel>({
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
  useModel: params => {
    const { target, conflicts } = params
    const shell = useShell()
    const choosing = useChoosing(conflicts.length)
    const [taken, take] = useScreenReducer("taken", takeReducer, () => NOTHING_TAKEN)
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
      take: theirs => take({ field: (conflicts[choosing.at] as Conflict).field, theirs }),
      resolve: () => {
        shell.back()
        params.resolve({ type: "resolve", conflicts, taken })
      },
    }
  },
  heading: ({ params, who }) => shown`Somebody saved ${show(params.title)} while you were editing${who}`,
  lines: (model, { columns }) => conflictLines(model, columns),
})

const SIDE = 6
/** Nothing of what was typed is given up unless somebody says so. */
const NOTHING_TAKEN: ReadonlySet<string> = new Set()

function conflictLines({ params, at, taken }: ConflictModel, columns: number): Piece[][] {
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

/** The values of the field at the cursor that the cells had to cut. */
function wholeLines(texts: Texts, cell: number, columns: number): Piece[][] {
  const cutOff = Object.entries(texts).filter(([, text]) => width(text) > cell)
  if (cutOff.length === 0) return []
  const whole = cutOff.flatMap(([name, text]) => hanging(piece(shown`  ${fit(show(name), 8)}`, "dim"), text, columns))
  return [[], ...whole]
}
