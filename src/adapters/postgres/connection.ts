import type { ControlledTransaction, Kysely, Transaction } from "kysely"
import { sql } from "kysely"
import pg from "pg"
import { notSaved } from "../../domain/errors.ts"
import type { Replica } from "../../domain/replica.ts"
import { DeadlineError } from "../deadline.ts"
import { Cancellation } from "./cancellation.ts"
import { auditIdOf, type LostCommit, outcomeOf, transactionId } from "./commit.ts"
import { type Endpoint, readEndpoint } from "./endpoint.ts"
import { isAnswer, isUnknownName, toDeckError, unknownOutcome } from "./errors.ts"
import { detectGeneration, type Generation } from "./generation.ts"
import { Role, type Standing } from "./role.ts"
import { type Access, ANSWER_TIMEOUT_MS, Session } from "./session.ts"
import type { Tables } from "./tables.ts"
import { typeParsers } from "./types.ts"

/** The platform's PostgreSQL. Every method throws DeckError, and recovers by itself after an outage. */
export interface Postgres {
  /** Reads, in one read-only transaction; `signal` or `timeoutMs` (default: 5 s) stop it on the server as well. */
  run<T>(query: (db: Kysely<Tables>) => Promise<T>, signal?: AbortSignal, timeoutMs?: number): Promise<T>
  /**
   * Writes, all of `work` or nothing. Once the commit has begun it cannot be cancelled any more. When its answer is
   * lost the server is asked whether it was committed: only where that cannot be found out does the error
   * ("unavailable") leave it open. `work` never runs twice.
   */
  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Like `transaction`, but also while read-only: sign-ins are always recorded (contract, section 5). */
  record<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>
  /** The replica that the last transaction was on; undefined for a primary, and before the first. */
  readonly replica: Standing | undefined
  /** Measures the round trip to the server, in milliseconds. */
  ping(signal?: AbortSignal): Promise<number>
  /** Returns the naming generation of the database, detected with the first query. */
  generation(): Promise<Generation>
  /** Ends all connections, including those in use. */
  close(): Promise<void>
}

interface PostgresOptions {
  readonly url: string
  /** Maximum number of connections. */
  readonly max?: number
  /** Called for every transaction; true makes the server reject writes. */
  readonly isReadOnly?: () => boolean
  /** Called whenever a server says that it is a replica, and how far behind; with undefined once it no longer is one. */
  readonly onReplica?: (replica: Replica | undefined) => void
}

/** Opens a PostgreSQL; connects at first use. Throws DeckError("invalid") for a malformed `url`. */
export function openPostgres({
  url,
  max = 4,
  isReadOnly = () => false,
  onReplica = () => {},
}: PostgresOptions): Postgres {
  return new PooledPostgres(readEndpoint(url), max, isReadOnly, new Role(onReplica))
}

/** A client that closes its connection when it cannot sign in; pg leaves it open, and the server waits for a minute. */
class Client extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    const { connection } = this as unknown as { connection: NodeJS.EventEmitter & { stream: { destroy(): void } } }
    connection.on("error", () => connection.stream.destroy())
  }
}

class PooledPostgres implements Postgres {
  private readonly endpoint: Endpoint
  private readonly pool: pg.Pool
  private readonly closing = new AbortController()
  private readonly isReadOnly: () => boolean
  private readonly role: Role
  private known: Generation | undefined

  constructor(endpoint: Endpoint, max: number, isReadOnly: () => boolean, role: Role) {
    this.endpoint = endpoint
    this.role = role
    this.isReadOnly = isReadOnly
    const connectionTimeoutMillis = ANSWER_TIMEOUT_MS
    this.pool = new pg.Pool({ ...endpoint.config, max, types: typeParsers, connectionTimeoutMillis, Client })
    // A lost connection is reported by its query, and the pool drops idle ones. Without a listener these events would
    // end the process.
    this.pool.on("error", () => {})
    this.pool.on("connect", client => client.on("error", () => {}))
  }

  run<T>(query: (db: Kysely<Tables>) => Promise<T>, signal?: AbortSignal, timeoutMs?: number): Promise<T> {
    return this.perform("read only", query, signal, timeoutMs)
  }

  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.perform(this.isReadOnly() ? "read only" : "read write", work, signal)
  }

  record<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.perform("read write", work)
  }

  get replica(): Standing | undefined {
    return this.role.replica
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
    const cancellation = new Cancellation([this.closing.signal, ...(signal === undefined ? [] : [signal])])
    try {
      const { answer, lost } = await cancellation.race(() => this.transact(access, work, cancellation, timeoutMs))
      if (lost !== undefined) await this.resolveLost(lost)
      return answer
    } catch (error) {
      if (isUnknownName(error)) this.known = undefined // The platform may have been upgraded meanwhile.
      const failure = toDeckError(error, this.endpoint)
      throw access === "read write" && failure !== error ? notSaved(failure) : failure
    } finally {
      cancellation.dispose()
    }
  }

  private async transact<T>(
    access: Access,
    work: Work<T>,
    cancellation: Cancellation,
    timeoutMs?: number,
  ): Promise<Ended<T>> {
    const { session, tx } = await this.begin(access, timeoutMs)
    const aborted = cancellation.signal
    let cancelling: Promise<void> | undefined
    const onAbort = () => {
      cancelling = session.cancel()
    }
    aborted.addEventListener("abort", onAbort)
    let usable = false
    try {
      aborted.throwIfAborted()
      const answer = await work(tx)
      const lost = await this.commit(tx, access, cancellation)
      usable = lost === undefined && !aborted.aborted
      return { answer, lost }
    } catch (error) {
      usable = isAnswer(error) && !aborted.aborted && (await rolledBack(tx))
      throw error
    } finally {
      aborted.removeEventListener("abort", onAbort)
      await cancelling
      if (usable) session.release()
      else session.destroy()
    }
  }

  /** Begins a transaction. A connection that died while idle is noticed only now, and replaced. */
  private async begin(access: Access, timeoutMs?: number): Promise<Begun> {
    for (let attempt = 1; ; attempt++) {
      const session = new Session(await this.pool.connect(), this.endpoint)
      try {
        this.known ??= await detectGeneration(session)
        const { asks } = this.role
        const tx = await session.begin(access, this.known, this.isReadOnly(), timeoutMs, asks === "with begin")
        const lag = await session.lag(asks !== "never")
        if (lag === undefined) this.role.isPrimary()
        else this.role.isReplica(this.endpoint.address, lag)
        return { session, tx }
      } catch (error) {
        session.destroy()
        if (attempt > 1 || isAnswer(error) || error instanceof DeadlineError) throw error
      }
    }
  }

  /** Commits, and returns what is known when no answer came; for a read-only transaction that does not matter. */
  private async commit(
    tx: ControlledTransaction<Tables>,
    access: Access,
    cancellation: Cancellation,
  ): Promise<LostCommit | undefined> {
    const id = access === "read write" ? await transactionId(tx) : null
    cancellation.disarm()
    try {
      await tx.commit().execute()
      return undefined
    } catch (cause) {
      if (isAnswer(cause)) throw cause
      return { id, auditId: auditIdOf(tx), cause }
    }
  }

  /** Resolves if the transaction was committed or had nothing to commit; else throws. */
  private async resolveLost(lost: LostCommit): Promise<void> {
    const outcome = lost.id === null ? "committed" : await outcomeOf(lost, (query, signal) => this.run(query, signal))
    if (outcome === "aborted") throw lost.cause
    if (outcome === "unknown") throw unknownOutcome(lost.cause, this.endpoint)
  }
}

type Begun = { readonly session: Session; readonly tx: ControlledTransaction<Tables> }
type Work<T> = (tx: Transaction<Tables>) => Promise<T>
type Ended<T> = { readonly answer: T; readonly lost: LostCommit | undefined }

async function rolledBack(tx: ControlledTransaction<Tables>): Promise<boolean> {
  try {
    await tx.rollback().execute()
    return true
  } catch {
    return false
  }
}
