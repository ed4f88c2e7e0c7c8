import type { Config } from "../../config.ts"
import { Deck } from "../../services/deck.ts"
import { openPlatform } from "../../services/platform.ts"
import { type Credentials, signIn } from "../../services/sign-in.ts"
import { lookUpNames } from "../../services/users/user-names.ts"

/** What the console asks of the services before any screen does. Loading them would hold up the first frame. */
export interface Backend {
  /** Signs in, and answers the operator's deck. Throws what `signIn` throws. */
  enter(credentials: Credentials, signal: AbortSignal): Promise<Deck>
  /** How long the server takes to answer, in ms. Throws DeckError `unavailable` when it does not. */
  ping(server: "postgres" | "redis", signal: AbortSignal): Promise<number>
  /** The names of users by their ids; ids that nobody has are left out. */
  findNames(deck: Deck, ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  close(): Promise<void>
}

/** Throws DeckError `invalid` for a URL that cannot be read. */
export function openBackend(config: Config): Backend {
  const platform = openPlatform(config)
  const { postgres, redis } = platform
  return {
    async enter(credentials, signal) {
      return new Deck(platform, await signIn(platform, credentials, { console: true, signal }))
    },
    ping: (server, signal) => (server === "postgres" ? postgres : redis.gateway).ping(signal),
    findNames: (deck, ids) => deck.run(lookUpNames, { ids }),
    close: () => platform.close(),
  }
}
