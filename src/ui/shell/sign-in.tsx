import { Box, useApp } from "ink"
import { useEffect } from "react"
import { z } from "zod"
import { show, shown } from "../../domain/safe-text.ts"
import { bind, defineBindings } from "../keys/binding.ts"
import { useRootInput } from "../keys/root-input.ts"
import { formLines } from "../kit/form/form-lines.ts"
import { type FormModel, formBindings, useForm } from "../kit/form/form-model.ts"
import type { FormState } from "../kit/form/form-state.ts"
import type { Size } from "../kit/screen.ts"
import type { ChangeGuard } from "../runtime/change-guard.ts"
import type { Session, SessionState } from "../runtime/session.ts"
import { useStore } from "../runtime/use-store.ts"
import type { TerminalInput } from "../terminal/terminal-input.ts"
import { Dialog, dialogInner } from "../widgets/dialog.tsx"
import { age } from "../widgets/format.ts"
import { Line, type Piece, piece } from "../widgets/line.tsx"
import { paragraph } from "../widgets/wrap.ts"
import { Footer } from "./footer.tsx"

const signInForm = z.object({
  login: z.string().trim().min(1, "a login or an e-mail address").meta({ label: "login" }),
  password: z.string().min(1, "the password").meta({ label: "password", secret: true }),
})

interface GateProps {
  readonly guard: ChangeGuard
  readonly session: Session
  readonly state: Exclude<SessionState, { phase: "open" }>
  readonly input: TerminalInput
  readonly now: number
  readonly size: Size
  readonly suspend: () => void
}

interface Leaving {
  readonly quit: () => void
  readonly suspend: () => void
}

const leavingBindings = defineBindings<Leaving>([
  { keys: ["ctrl-c"], label: "leave", footer: true, inField: true, run: model => model.quit() },
  { keys: ["ctrl-z"], label: "to the shell", inField: true, run: model => model.suspend() },
])

const signInBindings = defineBindings<FormModel & { submit(): void }>([
  { keys: ["enter"], label: "sign in", footer: true, inField: true, run: model => model.submit() },
  ...formBindings,
])

/** Screen before the console: sign-in, or waiting for PostgreSQL. It shows nothing of the platform. */
export function SignIn({ guard, session, state, input, now, size, suspend }: GateProps) {
  const { exit } = useApp()
  const { model, dispatch } = useForm(signInForm, values => {
    dispatch({ type: "forget" })
    guard.confirm()
    session.signIn(values)
  })
  const { timesIdle } = useStore(guard.states)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever left the console alone left no password there
  useEffect(() => dispatch({ type: "forget" }), [timesIdle])
  const asking = state.phase === "asking"
  const leaving = bind(leavingBindings, { quit: () => exit(), suspend })
  const keys = asking ? [...bind(signInBindings, model), ...leaving] : leaving
  useRootInput(
    () => ({ bound: [keys], field: asking ? model.field : undefined }),
    () => {},
    { input },
  )
  const columns = Math.min(size.columns - 4, 72)
  return (
    <Box flexDirection="column">
      <Box height={size.rows} width={size.columns} justifyContent="center" alignItems="center">
        {asking ? (
          <Dialog
            title={shown`Sign in`}
            lines={askingLines(state, model.form, dialogInner(columns))}
            columns={columns}
          />
        ) : (
          <Waiting state={state} now={now} columns={columns} />
        )}
      </Box>
      <Footer keys={keys} columns={size.columns} />
    </Box>
  )
}

function askingLines(
  { refusal }: Extract<SessionState, { phase: "asking" }>,
  form: FormState,
  columns: number,
): Piece[][] {
  const note = refusal
    ? paragraph(show(refusal.message), columns, "act")
    : [[piece(shown`Platform administrators only.`, "dim")]]
  return [...formLines(form, columns), [], ...note]
}

interface WaitingProps {
  readonly state: Extract<SessionState, { phase: "signing-in" }>
  readonly now: number
  readonly columns: number
}

function Waiting({ state, now, columns }: WaitingProps) {
  if (!state.trouble) return <Line pieces={[piece(shown`signing in…`, "dim")]} columns={11} />
  const wait = age(Math.max(0, state.trouble.retryAt - now))
  const inner = dialogInner(columns)
  const lines = [
    ...paragraph(show(state.trouble.error.message), inner, "act"),
    [],
    ...paragraph(shown`Signing in needs it, so nothing is shown until it answers.`, inner, "dim"),
    [piece(shown`Trying again in ${wait}.`, "dim")],
  ]
  return <Dialog title={shown`Waiting for PostgreSQL`} lines={lines} columns={columns} />
}
