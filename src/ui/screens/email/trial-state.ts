import type { DeckError } from "../../../domain/errors.ts"
import type { MailStep, MailStepName } from "../../../domain/mail-step.ts"
import type { EmailTestItem } from "../../../services/email/email.ts"

export type TrialOutcome = Extract<EmailTestItem, { outcome: unknown }>["outcome"]

/** A test mail as far as it has come. */
export interface TrialState {
  /** `ending`: the operator does not want to know any more, and what became of it is not known yet. */
  readonly phase: "running" | "ending" | "over"
  readonly steps: readonly MailStep[]
  /** What is waited for now; null where nothing is. */
  readonly waiting: MailStepName | null
  /** When the last step was done, ms since the epoch. */
  readonly since: number
  readonly outcome: TrialOutcome | undefined
  /** Why it could not be tried, or not be recorded. */
  readonly failure: DeckError | undefined
}

export type TrialEvent =
  | { readonly type: "told"; readonly item: EmailTestItem; readonly at: number }
  | { readonly type: "fail"; readonly error: DeckError }
  | { readonly type: "end" }

/** Begun at `at`: the name is looked up first. */
export const begunTrial = (at: number): TrialState => ({
  phase: "running",
  steps: [],
  waiting: "resolve",
  since: at,
  outcome: undefined,
  failure: undefined,
})

export function trialReducer(state: TrialState, event: TrialEvent): TrialState {
  switch (event.type) {
    case "told": {
      const { item, at } = event
      if ("outcome" in item) return { ...state, phase: "over", waiting: null, outcome: item.outcome }
      return { ...state, steps: [...state.steps, item], waiting: item.next, since: at }
    }
    case "fail":
      return { ...state, phase: "over", waiting: null, failure: event.error }
    case "end":
      return state.phase === "running" ? { ...state, phase: "ending" } : state
  }
}
