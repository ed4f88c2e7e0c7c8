import { useState } from "react"
import { z } from "zod"
import { asDeckError, type DeckError } from "../../domain/errors.ts"
import { show, shown } from "../../domain/safe-text.ts"
import { titleOn } from "../kit/badge.ts"
import { closing, defineDialog } from "../kit/dialog/define-dialog.tsx"
import { failureLines } from "../kit/failure-lines.ts"
import { formLines } from "../kit/form/form-lines.ts"
import { type FormModel, formBindings, useForm } from "../kit/form/form-model.ts"
import { type Shell, useShell } from "../kit/shell.ts"
import { type Piece, piece } from "../widgets/line.tsx"
import { paragraph } from "../widgets/wrap.ts"

interface ProofModel extends FormModel {
  readonly shell: Shell
  readonly checking: boolean
  readonly refusal: DeckError | undefined
  submit(): void
  close(): void
}

const proof = z.object({
  secret: z.string().min(1, "your password, or an API key").meta({ label: "password or key", secret: true }),
})

/** The console was left alone: who goes on to change something says who they are, and is the one who signed in. */
export const reauthenticationScreen = defineDialog<void, ProofModel>({
  id: "proof",
  title: "Who is there",
  summary: "the console was left alone, and something is to be changed",
  columns: 72,
  bindings: [
    {
      keys: ["enter"],
      label: "go on",
      footer: true,
      inField: true,
      possible: model => !model.checking || "it is being checked",
      run: model => model.submit(),
    },
    { ...closing(), label: "change nothing" },
    ...formBindings,
  ],
  useModel: () => {
    const shell = useShell()
    const [checking, setChecking] = useState(false)
    const [refusal, setRefusal] = useState<DeckError>()
    const check = async (secret: string) => {
      setChecking(true)
      setRefusal(undefined)
      try {
        await shell.guard.checkIdentity(secret)
        shell.back()
        shell.guard.confirm()
      } catch (error) {
        setRefusal(asDeckError(error))
        setChecking(false)
      }
    }
    const { model, dispatch } = useForm(proof, ({ secret }) => {
      dispatch({ type: "forget" })
      void check(secret)
    })
    const close = () => {
      shell.back()
      shell.guard.decline()
    }
    return { ...model, shell, checking, refusal, close }
  },
  heading: ({ shell }, { columns }) => titleOn(shell.guard, shown`Go on as ${nameOf(shell)}`, columns),
  lines: (model, { columns }) => proofLines(model, columns),
})

const nameOf = ({ operator }: Shell) => show(operator.login ?? operator.username)

function proofLines({ form, shell, checking, refusal }: ProofModel, columns: number): Piece[][] {
  const told = shown`The console was left alone. Before anything is changed, show that you are still ${nameOf(shell)}.`
  const below: Piece[][] = refusal
    ? failureLines(refusal, columns, shown`Only ${nameOf(shell)} can go on here.`)
    : [[piece(checking ? shown`it is being checked…` : shown`Nothing is changed before that.`, "dim")]]
  return [...paragraph(told, columns), [], ...formLines(form, columns), [], ...below]
}
