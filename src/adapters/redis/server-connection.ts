import { Redis } from "ioredis"
import { DeckError } from "../../domain/errors.ts"
import { DeadlineError, within } from "../deadline.ts"
import { CONNECT_TIMEOUT_MS, type Endpoint } from "./endpoint.ts"
import { ServerError, UnusableConnectionError } from "./errors.ts"
import { tlsRefusal } from "./tls-alert.ts"

/** A client that never reconnects, which its owner must `discard`, and the server it is connected to, for people. */
export interface Connection {
  readonly redis: Redis
  readonly address: string
  /** Whether another server has taken the place of this one by now, where others can tell. */
  readonly isReplaced?: () => Promise<boolean>
}

/**
 * Connects to a server. ioredis reports the reason of a failure in its `error` event alone: a rejected password, database
 * number or TLS handshake counts as no connection.
 */
export async function connectTo(endpoint: Endpoint, signal?: AbortSignal): Promise<Connection> {
  const { client, address } = endpoint
  const redis = new Redis(client)
  let reason: Error | undefined
  redis.on("error", error => {
    reason ??= error
  })
  try {
    await within(CONNECT_TIMEOUT_MS, redis.connect(), signal)
    if (reason) throw reason
    return { redis, address }
  } catch (error) {
    discard(redis)
    if (error instanceof DeckError) throw error
    const refusal = reason && client.tls && isReset(reason) && (await tlsRefusal(endpoint))
    throw new ServerError(address, refusal || reason || silence(error, client.tls !== undefined))
  }
}

function silence(error: unknown, isTls: boolean): unknown {
  if (!(error instanceof DeadlineError)) return new UnusableConnectionError()
  return isTls ? new DeadlineError(CONNECT_TIMEOUT_MS, " in TLS (or is redis:// meant?)") : error
}

const isReset = (error: NodeJS.ErrnoException) => ["ECONNRESET", "EPIPE"].includes(error.code ?? "")

/** Ends the connection at once: ioredis would wait two seconds for a silent server. */
export function discard(redis: Redis): void {
  // ioredis would wait for a connection that has ended already to end once more.
  if (redis.status !== "end") redis.disconnect()
  redis.stream?.destroy()
}
