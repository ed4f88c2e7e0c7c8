import { asDeckError, type DeckError } from "../../../domain/errors.ts"
import type { MailStep, MailStepName } from "../../../domain/mail-step.ts"
import { ValueStore } from "../../../domain/store.ts"
import type { Deck } from "../../../services/deck.ts"
import { type EmailTestItem, type TrialResult, watchEmailTest } from "../../../services/email/email.ts"

/** State of a test mail. */
export interface TrialState {
  /** `ending`: the operator cancelled it, and its result is not known yet. */
  readonly phase: "running" | "ending" | "over"
  readonly steps: readonly MailStep[]
  /** Step that is waited for; null for none. */
  readonly waiting: MailStepName | null
  /** Time of the last step, ms since the epoch. */
  readonly since: number
  readonly outcome: TrialResult | undefined
  /** Failure to try it, or to record it. */
  readonly failure: DeckError | undefined
}

export type TrialEvent =
  | { readonly type: "item"; readonly item: EmailTestItem; readonly at: number }
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
    case "item": {
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

/** Test mails, one after another. One goes on while other screens are visible; coming back sends no second one. */
export class Trial {
  readonly states = new ValueStore<TrialState | undefined>(undefined)
  private leaving = new AbortController()

  /** Sends the first mail, once. `input` is that of `watchEmailTest`. */
  begin(deck: Deck, input: unknown): void {
    if (this.states.snapshot === undefined) void this.send(deck, input)
  }

  /** Sends another mail after the end of the one before. */
  async send(deck: Deck, input: unknown): Promise<void> {
    this.leaving = new AbortController()
    this.states.set(begunTrial(Date.now()))
    try {
      for await (const item of deck.follow(watchEmailTest, input, { signal: this.leaving.signal })) {
        this.take({ type: "item", item, at: Date.now() })
      }
    } catch (error) {
      this.take({ type: "fail", error: asDeckError(error) })
    }
  }

  end(): void {
    this.take({ type: "end" })
    this.leaving.abort()
  }

  private take(event: TrialEvent): void {
    const state = this.states.snapshot
    if (state !== undefined) this.states.set(trialReducer(state, event))
  }
}
