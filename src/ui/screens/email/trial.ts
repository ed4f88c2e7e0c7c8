import { asDeckError } from "../../../domain/errors.ts"
import type { Deck } from "../../../services/deck.ts"
import { watchEmailTest } from "../../../services/email.ts"
import { ValueStore } from "../../live/store.ts"
import { begunTrial, type TrialEvent, type TrialState, trialReducer } from "./trial-state.ts"

/** One test mail. It goes on while other screens are in sight: coming back sends no second one. */
export class Trial {
  readonly states = new ValueStore<TrialState | undefined>(undefined)
  private readonly leaving = new AbortController()

  /** Sends it, the first time it is called. `input` is that of `watchEmailTest`. */
  async start(deck: Deck, input: unknown): Promise<void> {
    if (this.states.snapshot !== undefined) return
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
