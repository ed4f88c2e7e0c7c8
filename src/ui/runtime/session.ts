import type { ConfiguredCredentials } from "../../config/configured-credentials.ts"
import type { Credentials } from "../../domain/credentials.ts"
import { asDeckError, DeckError } from "../../domain/errors.ts"
import { ValueStore } from "../../domain/store.ts"
import type { Deck } from "../../services/deck.ts"
import type { Backend } from "./backend.ts"

/** State of the sign-in. */
export type SessionState =
  | { readonly phase: "signing-in"; readonly trouble?: { readonly error: DeckError; readonly retryAt: number } }
  | { readonly phase: "asking"; readonly refusal?: DeckError; readonly login: string }
  | { readonly phase: "open"; readonly deck: Deck }

const RETRY_MS = [500, 1000, 2000, 5000] as const

/**
 * Signs the operator in, and retries while PostgreSQL is unreachable. Until the phase is `open` nothing of the platform
 * may be shown (contract, section 1).
 */
export class Session {
  readonly states: ValueStore<SessionState>
  private readonly openDeck: Backend["signIn"]
  private readonly closing = new AbortController()
  private timer: NodeJS.Timeout | undefined

  /** Signs in at once with the configured credentials; a missing password is asked for. */
  constructor(enter: Backend["signIn"], configured?: ConfiguredCredentials) {
    this.openDeck = enter
    const login = configured && "login" in configured ? configured.login : ""
    this.states = new ValueStore<SessionState>({ phase: "asking", login })
    if (configured && ("apiKey" in configured || configured.password !== undefined))
      this.signIn(configured as Credentials)
  }

  /** The operator's deck. Throws DeckError `forbidden` before the sign-in. */
  get deck(): Deck {
    const state = this.states.snapshot
    if (state.phase !== "open") throw new DeckError("forbidden", "not signed in")
    return state.deck
  }

  signIn(credentials: Credentials): void {
    this.states.set({ phase: "signing-in" })
    void this.attempt(credentials, 0)
  }

  close(): void {
    this.closing.abort()
    clearTimeout(this.timer)
  }

  private async attempt(credentials: Credentials, number: number): Promise<void> {
    try {
      this.states.set({ phase: "open", deck: await this.openDeck(credentials, this.closing.signal) })
    } catch (thrown) {
      if (this.closing.signal.aborted) return
      const error = asDeckError(thrown)
      if (error.code !== "unavailable") return this.ask(credentials, error)
      const wait = RETRY_MS[Math.min(number, RETRY_MS.length - 1)] as number
      this.states.set({ phase: "signing-in", trouble: { error, retryAt: Date.now() + wait } })
      this.timer = setTimeout(() => void this.attempt(credentials, number + 1), wait)
    }
  }

  private ask(credentials: Credentials, refusal: DeckError): void {
    const login = "login" in credentials ? credentials.login : ""
    this.states.set({ phase: "asking", refusal, login })
  }
}
