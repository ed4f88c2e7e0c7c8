import { cleanup, render } from "ink-testing-library"
import { afterEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import { ChangeGuard } from "../../src/ui/runtime/change-guard.ts"
import type { Session, SessionState } from "../../src/ui/runtime/session.ts"
import { SignIn } from "../../src/ui/shell/sign-in.tsx"
import { Keyboard } from "../support/keyboard.ts"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

const NOW = Date.parse("2023-11-14T22:13:30Z")

type Before = Exclude<SessionState, { phase: "open" }>

async function renderGate(state: Before, guard = new ChangeGuard({ environment: "local" }, async () => {})) {
  const signIn = vi.fn()
  const session = { signIn } as unknown as Session
  const size = { columns: 70, rows: 9 }
  const keyboard = new Keyboard()
  const { input } = keyboard
  const { lastFrame } = render(<SignIn {...{ guard, session, state, input, size }} now={NOW} suspend={() => {}} />)
  await until(() => lastFrame() !== undefined)
  return { lastFrame, keyboard, signIn }
}

/** What stands before the console in `state`, without the blanks around it. */
async function openGate(state: Before) {
  const { lastFrame } = await renderGate(state)
  return (lastFrame() ?? "").split("\n").map(line => line.trimEnd())
}

test("who types their password is there, however long nobody was before", async () => {
  const guard = new ChangeGuard({ environment: "local" }, async () => {})
  const { keyboard, signIn, lastFrame } = await renderGate({ phase: "asking", login: "" }, guard)
  guard.becomeIdle()
  keyboard.press("root", "tab", "hunter2")
  await until(() => lastFrame()?.includes("•••••••"))
  keyboard.press("enter")
  await until(() => signIn.mock.lastCall)
  expect(signIn.mock.lastCall).toEqual([{ login: "root", password: "hunter2" }])
  await expect(guard.admit()).resolves.toBeUndefined()
})

test("a refused sign-in keeps the form and says why", async () => {
  const refusal = new DeckError(
    "forbidden",
    "sign-in refused: wrong credentials, or not those of a platform administrator",
  )
  expect(await openGate({ phase: "asking", login: "", refusal })).toMatchInlineSnapshot(`
    [
      "",
      "  ┌ Sign in ───────────────────────────────────────────────────────┐",
      "  │ ▌ login                                                        │",
      "  │   password                                                     │",
      "  │                                                                │",
      "  │ sign-in refused: wrong credentials, or not those of a          │",
      "  │ platform administrator                                         │",
      "  └────────────────────────────────────────────────────────────────┘",
      "",
      "──────────────────────────────────────────────────────────────────────",
      " Enter sign in  Tab next field  ^C leave",
    ]
  `)
})

test("PostgreSQL out of reach: why nothing is shown, and when it is tried again", async () => {
  const error = new DeckError("unavailable", "PostgreSQL at db.example.com:5432 cannot be reached: connection refused")
  const trouble = { error, retryAt: NOW + 4000 }
  expect(await openGate({ phase: "signing-in", trouble })).toMatchInlineSnapshot(`
    [
      "",
      "  ┌ Waiting for PostgreSQL ────────────────────────────────────────┐",
      "  │ PostgreSQL at db.example.com:5432 cannot be reached:           │",
      "  │ connection refused                                             │",
      "  │                                                                │",
      "  │ Signing in needs it, so nothing is shown until it answers.     │",
      "  │ Trying again in 4s.                                            │",
      "  └────────────────────────────────────────────────────────────────┘",
      "",
      "──────────────────────────────────────────────────────────────────────",
      " ^C leave",
    ]
  `)
})
