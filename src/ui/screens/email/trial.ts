import { asDeckError } from "../../../domain/errors.ts"
import { ValueStore } from "../../../domain/store.ts"
import type { Deck } from "../../../services/deck.ts"
import { watchEmailTest } from "../../../services/email/email.ts"
import { begunTrial, type TrialEvent, type TrialState, trialReducer } from "./trial-state.ts"

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
        this.take({ type: "told", item, at: Date.now() })
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
