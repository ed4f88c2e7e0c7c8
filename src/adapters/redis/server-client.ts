import type { Redis } from "ioredis"
import { DeckError } from "../../domain/errors.ts"
import { DeadlineError, within } from "../deadline.ts"
import { connect } from "./connect.ts"
import type { Endpoint } from "./endpoint.ts"
import { ServerError, toDeckError } from "./errors.ts"
import type { RedisClient } from "./redis-client.ts"
import { type Connection, discard } from "./server-connection.ts"

const COMMAND_TIMEOUT_MS = 3_000
/** Each step of connecting has a limit of its own: those who wait for all of them need not know how many there are. */
const CONNECTED_WITHIN_MS = 15_000

type Command<T> = (redis: Redis) => Promise<T>

/** Client of one server at a time: where Sentinels name it, a new connection is made to the one that they name then. */
export class ServerClient implements RedisClient {
  readonly endpoint: Endpoint
  private connection: Promise<Connection> | undefined
  private closed = false

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint
  }

  get address(): string {
    return this.endpoint.address
  }

  run<T>(command: Command<T>, signal?: AbortSignal): Promise<T> {
    return this.attempt(command, signal).catch(error => {
      throw toDeckError(error, this.address)
    })
  }

  /** As `run`, but what the server said comes as it is, within a ServerError. */
  async attempt<T>(command: Command<T>, signal?: AbortSignal): Promise<T> {
    if (this.closed) throw new DeckError("unavailable", "the connection to Redis was closed")
    if (signal?.aborted) throw new DeckError("cancelled", "cancelled")
    const connection = this.connected()
    const { redis, address } = await within(CONNECTED_WITHIN_MS, connection, signal)
    try {
      return await within(COMMAND_TIMEOUT_MS, command(redis), signal)
    } catch (error) {
      if (error instanceof DeadlineError || isOfReplica(error)) this.drop(connection)
      throw error instanceof DeckError ? error : new ServerError(address, error)
    }
  }

  async ping(signal?: AbortSignal): Promise<number> {
    const took = await this.run(roundTrip, signal)
    const { connection } = this
    const replaced = await connection?.then(({ isReplaced }) => isReplaced?.()).catch(() => false)
    if (connection && replaced) this.drop(connection)
    return took
  }

  async servers(): Promise<readonly RedisClient[]> {
    return [this]
  }

  close(): void {
    this.closed = true
    if (this.connection) this.drop(this.connection)
  }

  /** Whether there is a connection, or one is being made. */
  get isOpen(): boolean {
    return this.connection !== undefined
  }

  /** Returns the connection, shared by all callers; it is dropped when it ends, so that the next call makes another. */
  private connected(): Promise<Connection> {
    if (this.connection) return this.connection
    const connection = connect(this.endpoint)
    this.connection = connection
    const forget = () => this.forget(connection)
    connection.then(({ redis }) => redis.once("close", forget), forget)
    return connection
  }

  private forget(connection: Promise<Connection>): void {
    if (this.connection === connection) this.connection = undefined
  }

  private drop(connection: Promise<Connection>): void {
    this.forget(connection)
    connection.then(
      ({ redis }) => discard(redis),
      () => {},
    )
  }
}

/** Measures a round trip, in milliseconds. */
export async function roundTrip(redis: Redis): Promise<number> {
  const asked = performance.now()
  await redis.ping()
  return performance.now() - asked
}

/** A primary that was demoted refuses what is written: the next command looks for the new one. */
const isOfReplica = (error: unknown) => error instanceof Error && /^(READONLY|UNBLOCKED|MASTERDOWN)/.test(error.message)
