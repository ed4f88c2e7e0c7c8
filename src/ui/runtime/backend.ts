import type { Config } from "../../config.ts"
import type { Credentials } from "../../domain/credentials.ts"
import { DeckError } from "../../domain/errors.ts"
import type { SeenLine } from "../../domain/incident/incident-line.ts"
import type { Operator } from "../../domain/operator.ts"
import type { RecorderPulse } from "../../domain/record-status.ts"
import { Deck } from "../../services/deck.ts"
import type { Environment } from "../../services/environment.ts"
import { openPlatform } from "../../services/platform.ts"
import { takeQueuePulse } from "../../services/queue.ts"
import { signIn } from "../../services/sign-in.ts"
import { lookUpNames } from "../../services/users/user-names.ts"

/** A store that the platform depends on: PostgreSQL, the API's Redis, or that of a gateway. */
export type StoreName = "postgres" | "api" | "gateway"

/** Services that the console uses before any screen does. Loading them would hold up the first frame. */
export type Backend = ReturnType<typeof openBackend>

/**
 * Opens the backend; `onFailure` is called with every failure of an operation. Throws DeckError `invalid` for a malformed
 * URL.
 */
export function openBackend(config: Config, guard: Environment, onFailure: (failure: DeckError) => void) {
  const platform = openPlatform(config, guard)
  const { postgres, redis, incidents } = platform
  const services = () => import("../../services/incidents/incidents.ts")
  return {
    /** Signs in, and returns the operator's deck. Throws what `signIn` throws. */
    async signIn(credentials: Credentials, signal: AbortSignal) {
      return new Deck(platform, await signIn(platform, credentials, { console: true, signal }), onFailure)
    },
    /** Resolves when `secret` is a password or an API key of `operator`; throws what `signIn` throws. */
    async checkIdentity(operator: Operator, secret: string) {
      await signIn(platform, credentialsOf(operator, secret), { console: true, only: operator.userId })
    },
    /** Measures the round trip to a store, in ms, or to the Redis of a gateway. Throws DeckError `unavailable` without an answer. */
    ping(store: StoreName, signal: AbortSignal, gateway = ""): Promise<number> {
      if (store === "postgres") return postgres.ping(signal)
      if (store === "api") return redis.api.ping(signal)
      const named = redis.gateways.find(({ name }) => name === gateway)
      if (named === undefined) throw new RangeError(`no gateway "${gateway}"`)
      return named.client.ping(signal)
    },
    /** Returns the names of users by their ids; unknown ids are left out. */
    findNames: (deck: Deck, ids: readonly string[]) => deck.run(lookUpNames, { ids }),
    /** Returns the figures of the platform's queue; null where it keeps none. */
    takeQueuePulse: async (deck: Deck, signal: AbortSignal) => (await deck.run(takeQueuePulse, {}, { signal })).pulse,
    /** Looks at the recorder; undefined as long as there is no history, null where there is to be none. */
    async takeRecorderPulse(): Promise<RecorderPulse | undefined | null> {
      if (config.history === undefined) return null
      const { takeRecorderPulse } = await import("../../services/history/record-status.ts")
      return takeRecorderPulse(config.history, redis.gateways)
    },
    /** Returns the incident that is open on this host; null where none is, and nothing is loaded where none ever was. */
    openIncident: async (deck: Deck, signal: AbortSignal) =>
      (await incidents?.exists()) ? deck.run((await services()).openIncident, {}, { signal }) : null,
    /** Writes down of the incident `id` what the console saw or its operator pinned; returns how much of it was pinned already. */
    writeSeen: async (deck: Deck, id: string, seen: readonly SeenLine[]) =>
      (await deck.run((await services()).recordSeen, { id, seen })).pinned_already,
    close: () => platform.close(),
  }
}

function credentialsOf({ login }: Operator, secret: string): Credentials {
  if (/^ak-[0-9a-f]{64}$/.test(secret)) return { apiKey: secret }
  if (login === null) throw new DeckError("forbidden", "you have no login, and so no password: use an API key")
  return { login, password: secret }
}
