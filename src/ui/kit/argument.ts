import type { Deck } from "../../services/deck.ts"

/** What may be typed behind a screen's name in the palette, and what the screen is opened with then: `users alice`. */
export interface Argument<Params> {
  /** The name that it stands behind. */
  readonly behind: string
  /** What it is, in a few words; where left out only the choices mean something. */
  readonly expects?: string | undefined
  /** Words that have a meaning of their own. */
  readonly choices: readonly string[]
  /** Throws DeckError for what means nothing there. */
  readonly read: (text: string, deck: Deck, signal: AbortSignal) => Params | Promise<Params>
}
