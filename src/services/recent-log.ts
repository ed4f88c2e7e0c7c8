import type { Gateway } from "../adapters/redis/connections.ts"
import { type LogRange, readLogBack } from "../adapters/redis/read-log-back.ts"
import type { StreamEntry } from "../domain/stream-entry.ts"
import type { Stores } from "./operation.ts"

type Redis = Pick<Stores, "redis" | "signal">

/** Returns the gateways whose Redis answers; all of them where none does, so that reading them says why. */
export async function answeringGateways({ redis, signal }: Redis): Promise<readonly Gateway[]> {
  const { gateways } = redis
  // The only one says by itself what is wrong with it.
  if (gateways.length === 1) return gateways
  const answers = await Promise.allSettled(gateways.map(({ client }) => client.ping(signal)))
  const answering = gateways.filter((_, index) => answers[index]?.status === "fulfilled")
  return answering.length === 0 ? gateways : answering
}

/** Reads the entries of the gateways whose Redis answers, newest first, in steps of bounded size. Throws DeckError. */
export async function* readRecentLog(stores: Redis, range: LogRange = {}): AsyncGenerator<readonly StreamEntry[]> {
  yield* readLogBack(await answeringGateways(stores), range, stores.signal)
}
