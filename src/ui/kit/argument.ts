import type { Deck } from "../../services/deck.ts"

/** Argument that is typed after a screen's name in the palette: `users alice`. */
export interface Argument<Params> {
  /** Name that it is typed after. */
  readonly behind: string
  /** Description in a few words; left out where only the choices are valid. */
  readonly expects?: string | undefined
  /** Words with a meaning of their own. */
  readonly choices: readonly string[]
  /** Returns the screen's parameters; throws DeckError for an invalid argument. */
  readonly read: (text: string, deck: Deck, signal: AbortSignal) => Params | Promise<Params>
}
