import { expect, test } from "vitest"
import { DeckError } from "../../../src/domain/errors.ts"
import type { MailStep } from "../../../src/domain/mail-step.ts"
import { begunTrial, type TrialEvent, trialReducer } from "../../../src/ui/screens/email/trial.ts"

const resolved: MailStep = {
  name: "resolve",
  done: true,
  duration_ms: 12,
  detail: "smtp.example.com → 192.0.2.25",
  response: "",
  next: "connect",
}
const refused: MailStep = { ...resolved, name: "connect", done: false, detail: "", next: null }
const outcome = {
  result: "failed",
  explanation: "smtp.example.com:587 refuses the connection. Nothing was sent.",
  response: "",
  duration_ms: 43,
  tls: false,
  step: "connect",
  via: "settings",
  offered: null,
  findings: [],
} as const

const after = (...events: TrialEvent[]) => events.reduce(trialReducer, begunTrial(1000))
const told = (item: MailStep | { outcome: typeof outcome }, at = 2000): TrialEvent => ({ type: "item", item, at })

test("the name is looked up first", () => {
  expect(begunTrial(1000)).toMatchObject({ phase: "running", steps: [], waiting: "resolve", since: 1000 })
})

test("each step says what is waited for next, and since when", () => {
  expect(after(told(resolved))).toMatchObject({ phase: "running", steps: [resolved], waiting: "connect", since: 2000 })
})

test("after a step that failed nothing is waited for, and it is over with the outcome", () => {
  expect(after(told(resolved), told(refused))).toMatchObject({ phase: "running", waiting: null })
  expect(after(told(resolved), told(refused), told({ outcome }))).toMatchObject({
    phase: "over",
    steps: [resolved, refused],
    outcome,
  })
})

test("what is ended is over once it is known what became of it", () => {
  const ending = after(told(resolved), { type: "end" })
  expect(ending).toMatchObject({ phase: "ending", waiting: "connect" })
  expect(trialReducer(ending, told({ outcome }))).toMatchObject({ phase: "over", waiting: null })
})

test("what could not be tried is over, with the reason and what is known", () => {
  const error = new DeckError("unavailable", "PostgreSQL refused")
  expect(after(told(resolved), { type: "fail", error })).toMatchObject({
    phase: "over",
    steps: [resolved],
    waiting: null,
    failure: error,
  })
})

test("what is over is not ended any more", () => {
  const over = after(told({ outcome }))
  expect(trialReducer(over, { type: "end" })).toBe(over)
})
