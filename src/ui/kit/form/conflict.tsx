import { useQuery } from "@tanstack/react-query"
import type { z } from "zod"
import type { Conflict } from "../../../domain/errors.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { labelOf } from "../../../domain/schema.ts"
import { listAudit } from "../../../services/audit-list.ts"
import { defineBindings } from "../../keys/binding.ts"
import { Dialog, dialogInner } from "../../widgets/dialog.tsx"
import { timeOfDay } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { hanging } from "../../widgets/wrap.ts"
import { type Choosing, moving, useChoosing } from "../moving.ts"
import { defineScreen, type ScreenModel } from "../screen.ts"
import { useScreenReducer, useShell } from "../shell.ts"
import { type Resolution, takeReducer } from "./conflict-state.ts"
import { asText } from "./edit-state.ts"

export interface ConflictParams {
  /** What was edited, by its name. */
  readonly title: string
  /** The target of its audit rows. */
  readonly target: string
  /** The input that the fields are of. */
  readonly input: z.ZodObject
  readonly conflicts: readonly Conflict[]
  /** A value as the form writes it, where people do not read it so everywhere. */
  readonly spell?: Spell | undefined
  readonly resolve: (resolution: Resolution) => void
}

export type Spell = (value: unknown) => string

interface ConflictModel extends ScreenModel, Choosing {
  readonly params: ConflictParams
  /** The fields whose value is taken from the others. */
  readonly taken: ReadonlySet<string>
  /** Who saved last, and when, as far as the audit trail says. */
  readonly who: Shown
  take(theirs: boolean): void
  resolve(): void
  close(): void
}

/** What somebody else saved while one was editing: was, theirs, yours; either is taken, field by field. */
export const conflictScreen = defineScreen<ConflictParams, ConflictModel>({
  id: "conflict",
  title: "Conflict",
  summary: "what somebody else saved meanwhile",
  overlay: true,
  bindings: defineBindings<ConflictModel>([
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
    {
      keys: ["esc"],
      label: "decide later",
      footer: true,
      help: "back to the form as it was; saving asks again",
      run: model => model.close(),
    },
  ]),
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
      close: shell.back,
    }
  },
  Body: ({ model, size }) => {
    const columns = Math.min(size.columns - 4, 120)
    const title = shown`Somebody saved ${show(model.params.title)} while you were editing${model.who}`
    return <Dialog title={title} lines={conflictLines(model, dialogInner(columns))} columns={columns} />
  },
})

const SIDE = 6
/** Nothing of what was typed is given up unless somebody says so. */
const NOTHING_TAKEN: ReadonlySet<string> = new Set()

function conflictLines({ params, at, taken }: ConflictModel, columns: number): Piece[][] {
  const { input, conflicts, spell = asText } = params
  const valueText = (value: unknown): Shown => show(spell(value) || "(nothing)", 512)
  const labels = conflicts.map(({ field }) => show(labelOf(input, field)))
  const label = Math.min(16, Math.max(...labels.map(width))) + 2
  const cell = Math.floor((columns - label - 2 - SIDE) / 3) - 2
  const cut = (text: Shown) => shown`${fit(text, cell)}  `
  const header = piece(
    shown`  ${fit(shown``, label)}${cut(shown`was`)}${cut(shown`theirs`)}${cut(shown`yours`)}`,
    "dim",
  )
  const rows = conflicts.map((field, index): Piece[] => {
    const theirs = taken.has(field.field)
    const here = index === at
    return [
      piece(shown`${here ? shown`▌` : shown` `} ${fit(labels[index] as Shown, label)}`, here ? "key" : "plain"),
      piece(cut(valueText(field.was)), "dim"),
      piece(cut(valueText(field.theirs)), theirs ? "strong" : "dim"),
      piece(cut(valueText(field.yours)), theirs ? "dim" : "strong"),
      piece(theirs ? shown`theirs` : shown`yours`, theirs ? "look" : "good"),
    ]
  })
  return [[header], ...rows, ...wholeLines(conflicts[at] as Conflict, valueText, cell, columns)]
}

/** The values of the field at the cursor that the cells had to cut. */
function wholeLines(
  { was, theirs, yours }: Conflict,
  valueText: (value: unknown) => Shown,
  cell: number,
  columns: number,
): Piece[][] {
  const named = [
    [shown`was     `, valueText(was)],
    [shown`theirs  `, valueText(theirs)],
    [shown`yours   `, valueText(yours)],
  ] as const
  const cutOff = named.filter(([, text]) => width(text) > cell)
  if (cutOff.length === 0) return []
  const whole = cutOff.flatMap(([name, text]) => hanging(piece(shown`  ${name}`, "dim"), text, columns))
  return [[], ...whole]
}
