import { Redis } from "ioredis"
import { DeckError } from "../../domain/errors.ts"
import { DeadlineError, within } from "../deadline.ts"
import { CONNECT_TIMEOUT_MS, type Endpoint, type RedisTarget, readEndpoint } from "./endpoint.ts"
import { toDeckError, UnusableConnectionError } from "./errors.ts"
import { ACCESS_LOG } from "./keys.ts"
import { tlsRefusal } from "./tls-alert.ts"

export type { RedisTarget } from "./endpoint.ts"

const COMMAND_TIMEOUT_MS = 3_000

/** The two databases of a deployment (contract, section 4), and the key of its access log. */
export interface RedisOptions {
  readonly api: RedisTarget
  readonly gateway: RedisTarget
  /** Key of the access log's stream. Default: the platform's. */
  readonly stream?: string | undefined
}

export interface RedisClient {
  /**
   * Runs `command` and returns its result. Connects where there is no connection, so it recovers by itself after an
   * outage; never sends a command twice. Throws DeckError: "unavailable" with the reason, "cancelled" when `signal`
   * fires.
   */
  run<T>(command: (redis: Redis) => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Measures the round trip to the server, in milliseconds. */
  ping(signal?: AbortSignal): Promise<number>
}

export interface RedisConnections {
  readonly options: RedisOptions & { readonly stream: string }
  readonly api: RedisClient
  readonly gateway: RedisClient
  /** Ends both connections; later use throws "unavailable". */
  close(): void
}

/** Opens the two databases; connects at first use. Throws DeckError("invalid") for a malformed URL. */
export function openRedis({ stream = ACCESS_LOG, ...targets }: RedisOptions): RedisConnections {
  const options = { ...targets, stream }
  const api = new ReconnectingClient(readEndpoint(options.api))
  const gateway = new ReconnectingClient(readEndpoint(options.gateway))
  const close = () => {
    api.close()
    gateway.close()
  }
  return { options, api, gateway, close }
}

/**
 * Connects a client that never reconnects; its owner must `discard` it. Rejects with the reason, which ioredis reports
 * in its `error` event alone: a rejected password, database number or TLS handshake counts as no connection.
 */
export async function connect(endpoint: Endpoint, signal?: AbortSignal): Promise<Redis> {
  const { client } = endpoint
  const redis = new Redis(client)
  let reason: Error | undefined
  redis.on("error", error => {
    reason ??= error
  })
  try {
    await within(CONNECT_TIMEOUT_MS, redis.connect(), signal)
    if (reason) throw reason
    return redis
  } catch (error) {
    discard(redis)
    if (error instanceof DeckError) throw error
    if (reason) throw (client.tls && isReset(reason) && (await tlsRefusal(endpoint))) || reason
    if (!(error instanceof DeadlineError)) throw new UnusableConnectionError()
    throw client.tls ? new DeadlineError(CONNECT_TIMEOUT_MS, " in TLS (or is redis:// meant?)") : error
  }
}

const isReset = (error: NodeJS.ErrnoException) => ["ECONNRESET", "EPIPE"].includes(error.code ?? "")

/** Ends the connection at once: ioredis would wait two seconds for a silent server. */
export function discard(redis: Redis): void {
  // ioredis would wait for a connection that has ended already to end once more.
  if (redis.status !== "end") redis.disconnect()
  redis.stream?.destroy()
}

class ReconnectingClient implements RedisClient {
  private readonly endpoint: Endpoint
  private connection: Promise<Redis> | undefined
  private closed = false

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint
  }

  async run<T>(command: (redis: Redis) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.closed) throw new DeckError("unavailable", "the connection to Redis was closed")
    if (signal?.aborted) throw new DeckError("cancelled", "cancelled")
    const connection = this.connected()
    try {
      const redis = await within(CONNECT_TIMEOUT_MS, connection, signal)
      return await within(COMMAND_TIMEOUT_MS, command(redis), signal)
    } catch (error) {
      if (error instanceof DeadlineError) this.drop(connection)
      throw toDeckError(error, this.endpoint.address)
    }
  }

  async ping(signal?: AbortSignal): Promise<number> {
    return this.run(async redis => {
      const asked = performance.now()
      await redis.ping()
      return performance.now() - asked
    }, signal)
  }

  close(): void {
    this.closed = true
    if (this.connection) this.drop(this.connection)
  }

  /** Returns the connection, shared by all callers; it is dropped when it ends, so that the next call makes another. */
  private connected(): Promise<Redis> {
    if (this.connection) return this.connection
    const connection = connect(this.endpoint)
    this.connection = connection
    const forget = () => this.forget(connection)
    connection.then(redis => redis.once("close", forget), forget)
    return connection
  }

  private forget(connection: Promise<Redis>): void {
    if (this.connection === connection) this.connection = undefined
  }

  private drop(connection: Promise<Redis>): void {
    this.forget(connection)
    connection.then(discard, () => {})
  }
}
