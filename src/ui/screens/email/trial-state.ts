import type { DeckError } from "../../../domain/errors.ts"
import type { MailStep, MailStepName } from "../../../domain/mail-step.ts"
import type { EmailTestItem } from "../../../services/email/email.ts"

export type TrialOutcome = Extract<EmailTestItem, { outcome: unknown }>["outcome"]

/** State of a test mail. */
export interface TrialState {
  /** `ending`: the operator cancelled it, and its result is not known yet. */
  readonly phase: "running" | "ending" | "over"
  readonly steps: readonly MailStep[]
  /** Step that is waited for; null for none. */
  readonly waiting: MailStepName | null
  /** Time of the last step, ms since the epoch. */
  readonly since: number
  readonly outcome: TrialOutcome | undefined
  /** Failure to try it, or to record it. */
  readonly failure: DeckError | undefined
}

export type TrialEvent =
  | { readonly type: "told"; readonly item: EmailTestItem; readonly at: number }
  | { readonly type: "fail"; readonly error: DeckError }
  | { readonly type: "end" }

/** Returns the state at the start, while the name is looked up. */
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
