import type { Redis } from "ioredis"

/** A Redis to send commands to. */
export interface RedisClient {
  /** For people: `host:port`, or by what it is found. */
  readonly address: string
  /**
   * Runs `command` and returns its result. Connects where there is no connection, so it recovers by itself after an
   * outage; never sends a command twice that a server may have carried out. A Cluster's node that does not have the key says
   * which has it: so a command is about one key, or about none. Throws DeckError: "unavailable" with the reason, "cancelled"
   * when `signal` fires.
   */
  run<T>(command: (redis: Redis) => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Measures the round trip to the server, in milliseconds. */
  ping(signal?: AbortSignal): Promise<number>
  /** Returns a client for each server that has a part of the keys: this one, or the primaries of a Cluster. Throws DeckError. */
  servers(signal?: AbortSignal): Promise<readonly RedisClient[]>
}
