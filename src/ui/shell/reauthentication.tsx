import { useEffect, useRef, useState } from "react"
import { z } from "zod"
import { asDeckError, type DeckError } from "../../domain/errors.ts"
import { show, shown } from "../../domain/safe-text.ts"
import { titleOn } from "../kit/badge.ts"
import { closing, defineDialog } from "../kit/dialog/define-dialog.tsx"
import { failureLines } from "../kit/failure-lines.ts"
import { formLines } from "../kit/form/form-lines.ts"
import { formBindings, useForm } from "../kit/form/form-model.ts"
import { type Shell, useShell } from "../kit/shell.ts"
import { useStore } from "../runtime/use-store.ts"
import { piece } from "../widgets/line.tsx"
import { paragraph } from "../widgets/wrap.ts"

const proof = z.object({
  secret: z.string().min(1, "your password, or an API key").meta({ label: "password or key", secret: true }),
})

/** Dialog that asks the operator to sign in again before a change, once the console was idle. */
export const reauthenticationScreen = defineDialog({
  id: "proof",
  title: "Confirm that it is you",
  summary: "the console was idle, and a change needs your confirmation",
  columns: 72,
  bindings: [
    {
      keys: ["enter"],
      label: "continue",
      footer: true,
      inField: true,
      possible: model => !model.checking || "already checking",
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
  heading: ({ shell }, { columns }) => titleOn(shell.guard, shown`Continue as ${nameOf(shell)}`, columns),
  lines: ({ form, shell, checking, refusal }, { columns }) => [
    ...paragraph(
      shown`The console was idle. Confirm that you are ${nameOf(shell)} before anything is changed.`,
      columns,
    ),
    [],
    ...formLines(form, columns),
    [],
    ...(refusal
      ? failureLines(refusal, columns, shown`Only ${nameOf(shell)} can continue here.`)
      : [[piece(checking ? shown`checking…` : shown`Nothing is changed until then.`, "dim")]]),
  ],
})

const nameOf = ({ operator }: Shell) => show(operator.login ?? operator.username)

/** Closes dialogs once the console was idle, and asks for the operator before the next change. */
export function useGuards({ guard, push, say }: Shell, closeDialogs: () => void): void {
  const { timesIdle, isConfirming } = useStore(guard.states)
  const known = useRef(timesIdle)
  useEffect(() => {
    if (known.current === timesIdle) return
    known.current = timesIdle
    closeDialogs()
    say(shown`idle: dialogs were closed, and the next change asks you to confirm that it is you`, "look")
  })
  useEffect(() => {
    if (isConfirming) push(reauthenticationScreen, undefined)
  }, [isConfirming, push])
}
