import pg from "pg"
import { within } from "../deadline.ts"
import { Client } from "./client.ts"
import type { Endpoint } from "./endpoint.ts"
import { withTime } from "./errors.ts"
import { typeParsers } from "./types.ts"

/** How long a connection that is free is waited for, while all are in use. */
const FREE_MS = 5_000

/** Another server is used by now. */
export class LeftError extends Error {
  constructor() {
    super("Connection terminated")
  }
}

/** A server in use, and the connections to it. */
export class Server {
  readonly endpoint: Endpoint
  private readonly pool: pg.Pool
  /** How long it has to answer before it is considered gone. */
  readonly patienceMs: number
  private readonly leaving = new AbortController()

  /** Connects at first use, at most `max` times. */
  constructor(endpoint: Endpoint, max: number, patienceMs: number) {
    this.endpoint = endpoint
    this.patienceMs = patienceMs
    this.pool = new pg.Pool({
      ...{ ...endpoint.config, max, types: typeParsers, Client: Client.within(patienceMs) },
      connectionTimeoutMillis: Math.max(FREE_MS, patienceMs),
    })
    // A lost connection is reported by its query, and the pool drops idle ones. Without a listener these events would
    // end the process.
    this.pool.on("error", () => {})
    this.pool.on("connect", client => client.on("error", () => {}))
  }

  /** A connection that was idle, or a new one. Rejects with LeftError at once when the server is left meanwhile. */
  async connect(): Promise<pg.PoolClient> {
    const connecting = this.pool.connect()
    const { signal } = this.leaving
    try {
      return await within(2 * Math.max(FREE_MS, this.patienceMs), connecting, signal)
    } catch (error) {
      connecting.then(
        client => client.release(true),
        () => {},
      )
      throw signal.aborted ? new LeftError() : withTime(error as Error, this.patienceMs)
    }
  }

  /** Ends idle connections; those in use end once they are given back. */
  async leave(): Promise<void> {
    this.leaving.abort()
    if (!this.pool.ending) await this.pool.end()
  }
}
