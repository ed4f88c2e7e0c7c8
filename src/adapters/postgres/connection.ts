import type { ControlledTransaction, Kysely, Transaction } from "kysely"
import { sql } from "kysely"
import pg from "pg"
import { DeckError } from "../../domain/errors.ts"
import { DeadlineError } from "../deadline.ts"
import { type Endpoint, readEndpoint } from "./endpoint.ts"
import { isAnswer, isUnknownName, toDeckError, unknownOutcome } from "./errors.ts"
import { detectGeneration, type Generation } from "./generation.ts"
import { type Access, ANSWER_TIMEOUT_MS, Session } from "./session.ts"
import type { Tables } from "./tables.ts"
import { typeParsers } from "./types.ts"

/** The platform's PostgreSQL. Every method throws DeckError, and works again by itself after an outage. */
export interface Postgres {
  /**
   * Reads, in one read-only transaction. When `signal` fires the query is stopped on the server, too ("cancelled"), and
   * so is a statement that takes longer than `timeoutMs`, five seconds unless said otherwise ("unavailable").
   */
  run<T>(query: (db: Kysely<Tables>) => Promise<T>, signal?: AbortSignal, timeoutMs?: number): Promise<T>
  /** Changes: all that `work` does, or nothing. A connection lost during the commit is reported as just that. */
  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Milliseconds that the server takes to answer. */
  ping(signal?: AbortSignal): Promise<number>
  /** The naming generation of the database, looked up with the first query. */
  generation(): Promise<Generation>
  /** Ends everything, what is under way included. */
  close(): Promise<void>
}

/** Opens nothing until it is used; `max` connections at once. Throws DeckError("invalid") for a malformed `url`. */
export function openPostgres({ url, max = 4 }: { url: string; max?: number }): Postgres {
  return new PooledPostgres(readEndpoint(url), max)
}

class PooledPostgres implements Postgres {
  private readonly endpoint: Endpoint
  private readonly pool: pg.Pool
  private readonly closing = new AbortController()
  private known: Generation | undefined

  constructor(endpoint: Endpoint, max: number) {
    this.endpoint = endpoint
    const connectionTimeoutMillis = ANSWER_TIMEOUT_MS
    this.pool = new pg.Pool({ ...endpoint.config, max, types: typeParsers, connectionTimeoutMillis })
    // A lost connection is reported by the query it was busy with, and no news when idle: the pool drops it. Unheard,
    // these events would end the process.
    this.pool.on("error", () => {})
    this.pool.on("connect", client => client.on("error", () => {}))
  }

  run<T>(query: (db: Kysely<Tables>) => Promise<T>, signal?: AbortSignal, timeoutMs?: number): Promise<T> {
    return this.perform("read only", query, signal, timeoutMs)
  }

  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.perform("read write", work, signal)
  }

  ping(signal?: AbortSignal): Promise<number> {
    return this.run(async db => {
      const asked = performance.now()
      await sql`select 1`.execute(db)
      return performance.now() - asked
    }, signal)
  }

  async generation(): Promise<Generation> {
    return this.known ?? this.run(async () => this.known as Generation)
  }

  async close(): Promise<void> {
    this.closing.abort()
    if (!this.pool.ending) await this.pool.end()
  }

  private async perform<T>(access: Access, work: Work<T>, signal?: AbortSignal, timeoutMs?: number): Promise<T> {
    const unwanted = AbortSignal.any([this.closing.signal, ...(signal === undefined ? [] : [signal])])
    try {
      return await unlessAborted(unwanted, () => this.transact(access, work, unwanted, timeoutMs))
    } catch (error) {
      if (isUnknownName(error)) this.known = undefined // The platform may have been upgraded under our feet.
      throw toDeckError(error, this.endpoint)
    }
  }

  private async transact<T>(access: Access, work: Work<T>, unwanted: AbortSignal, timeoutMs?: number): Promise<T> {
    const { session, tx } = await this.begin(access, timeoutMs)
    let cancelling: Promise<void> | undefined
    const onAbort = () => {
      cancelling = session.cancel()
    }
    unwanted.addEventListener("abort", onAbort)
    let usable = false
    try {
      unwanted.throwIfAborted()
      const answer = await this.finish(tx, await work(tx), access)
      usable = !unwanted.aborted
      return answer
    } catch (error) {
      usable = isAnswer(error) && !unwanted.aborted && (await rolledBack(tx))
      throw error
    } finally {
      unwanted.removeEventListener("abort", onAbort)
      await cancelling
      if (usable) session.release()
      else session.destroy()
    }
  }

  /** A connection with a transaction begun. One that died while idle is noticed only now; nothing is lost, so take another. */
  private async begin(access: Access, timeoutMs?: number): Promise<Begun> {
    for (let attempt = 1; ; attempt++) {
      const session = new Session(await this.pool.connect(), this.endpoint)
      try {
        this.known ??= await detectGeneration(session)
        return { session, tx: await session.begin(access, this.known, timeoutMs) }
      } catch (error) {
        session.destroy()
        if (attempt > 1 || isAnswer(error) || error instanceof DeadlineError) throw error
      }
    }
  }

  private async finish<T>(tx: ControlledTransaction<Tables>, answer: T, access: Access): Promise<T> {
    try {
      await tx.commit().execute()
      return answer
    } catch (error) {
      if (access === "read write" && !isAnswer(error)) throw unknownOutcome(error, this.endpoint)
      throw error
    }
  }
}

type Begun = { readonly session: Session; readonly tx: ControlledTransaction<Tables> }
type Work<T> = (tx: Transaction<Tables>) => Promise<T>

async function rolledBack(tx: ControlledTransaction<Tables>): Promise<boolean> {
  try {
    await tx.rollback().execute()
    return true
  } catch {
    return false
  }
}

/** The answer of `work`, or DeckError("cancelled") as soon as `signal` fires; `work` then cleans up behind the scenes. */
function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(new DeckError("cancelled", "cancelled"))
    if (signal.aborted) return onAbort()
    signal.addEventListener("abort", onAbort)
    // A combined signal lives as long as somebody listens to it.
    const settle = () => signal.removeEventListener("abort", onAbort)
    work().then(resolve, reject).finally(settle)
  })
}
