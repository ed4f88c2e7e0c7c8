import { DeadlineError, within } from "../deadline.ts"
import { connect } from "./connect.ts"
import { type RedisTarget, readEndpoint } from "./endpoint.ts"
import { toDeckError } from "./errors.ts"
import { type Connection, discard } from "./server-connection.ts"

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
  let connection: Connection | undefined
  try {
    connection = await connect(endpoint, signal)
    const { redis } = connection
    const said: (string | undefined)[] = []
    for (const [name = "", ...args] of commands) said.push(await refusal(redis.call(name, ...args), signal))
    return said
  } catch (error) {
    throw toDeckError(error, endpoint.address)
  } finally {
    if (connection) discard(connection.redis)
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
