import type { Redis } from "ioredis"
import { DeadlineError, within } from "../deadline.ts"
import { connect, discard, type RedisTarget } from "./connections.ts"
import { readEndpoint } from "./endpoint.ts"
import { toDeckError } from "./errors.ts"

const TIMEOUT_MS = 2_000

/**
 * Sends `commands` one after another over a connection of their own, and returns what the server said to each: its error,
 * or undefined where it did what it was asked. Throws DeckError "unavailable" when the server stops answering.
 */
export async function tryCommands(
  target: RedisTarget,
  commands: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<(string | undefined)[]> {
  const endpoint = readEndpoint(target)
  let redis: Redis | undefined
  try {
    redis = await connect(endpoint, signal)
    const said: (string | undefined)[] = []
    for (const [name = "", ...args] of commands) said.push(await refusal(redis.call(name, ...args), signal))
    return said
  } catch (error) {
    throw toDeckError(error, endpoint.address)
  } finally {
    if (redis) discard(redis)
  }
}

/** Returns the error that the server replies with; one of the connection is thrown. */
const refusal = (reply: Promise<unknown>, signal: AbortSignal): Promise<string | undefined> =>
  within(TIMEOUT_MS, reply, signal).then(
    () => undefined,
    error => {
      if (error instanceof DeadlineError || error.name !== "ReplyError") throw error
      return error.message
    },
  )
