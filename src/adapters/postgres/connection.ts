import type { ControlledTransaction, Kysely, Transaction } from "kysely"
import { sql } from "kysely"
import { notSaved } from "../../domain/errors.ts"
import type { Replica } from "../../domain/replica.ts"
import { Attempt } from "./attempt.ts"
import { Cancellation } from "./cancellation.ts"
import {
  auditIdOf,
  type LateOutcome,
  type LostCommit,
  outcomeOf,
  type Read,
  STILL_WANTED_FOR,
  transactionId,
} from "./commit.ts"
import { readEndpoints } from "./endpoint.ts"
import { isAnswer, isLost, isUnknownName, refusesChanges, toDeckError, unknownOutcome } from "./errors.ts"
import { detectGeneration, type Generation } from "./generation.ts"
import type { Postgres } from "./postgres.ts"
import { type ReplicaState, Role } from "./role.ts"
import type { Server } from "./server.ts"
import { Servers } from "./servers.ts"
import { Session } from "./session.ts"
import type { Tables } from "./tables.ts"

export type { Postgres } from "./postgres.ts"

interface PostgresOptions {
  readonly url: string
  /** Maximum number of connections. */
  readonly max?: number
  /** Whether something else is asked where it does not answer: it is waited for shortly. */
  readonly hasAlternative?: boolean
  /** Called for every transaction; true makes the server reject writes. */
  readonly isReadOnly?: () => boolean
  /** Called whenever a server says that it is a replica, and how far behind; with undefined once it no longer is one. */
  readonly onReplica?: (replica: Replica | undefined) => void
  /** Called once the outcome is known of a transaction that was left open: it goes on being asked for. */
  readonly onLateOutcome?: (outcome: LateOutcome) => void
}

/** Opens a PostgreSQL; connects at first use. Throws DeckError("invalid") for a malformed `url`. */
export function openPostgres({ url, max = 4, hasAlternative, ...options }: PostgresOptions): Postgres {
  return new PooledPostgres(new Servers(readEndpoints(url), max, hasAlternative), options)
}

class PooledPostgres implements Postgres {
  private readonly servers: Servers
  private readonly closing = new AbortController()
  private readonly isReadOnly: () => boolean
  private readonly role: Role
  private readonly onLateOutcome: (outcome: LateOutcome) => void
  private known: Generation | undefined

  constructor(
    servers: Servers,
    {
      isReadOnly = () => false,
      onReplica = () => {},
      onLateOutcome = () => {},
    }: Omit<PostgresOptions, "url" | "max" | "hasAlternative">,
  ) {
    this.servers = servers
    this.role = new Role(onReplica)
    this.isReadOnly = isReadOnly
    this.onLateOutcome = onLateOutcome
  }

  run<T>(query: (db: Kysely<Tables>) => Promise<T>, signal?: AbortSignal, timeoutMs?: number): Promise<T> {
    return this.perform(new Attempt("read only", { isReading: true, timeoutMs }), query, signal)
  }

  /** In a transaction that could write, which no standby begins. */
  runOnPrimary<T>(query: (db: Kysely<Tables>) => Promise<T>, signal?: AbortSignal, timeoutMs?: number): Promise<T> {
    return this.perform(new Attempt("read write", { isReading: true, timeoutMs }), query, signal)
  }

  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.perform(new Attempt(this.isReadOnly() ? "read only" : "read write"), work, signal)
  }

  record<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.perform(new Attempt("read write"), work)
  }

  get replica(): ReplicaState | undefined {
    return this.role.replica
  }

  get address(): string {
    return this.servers.endpoint.address
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
    await this.servers.close()
  }

  private async perform<T>(attempt: Attempt, work: Work<T>, signal?: AbortSignal): Promise<T> {
    const cancellation = new Cancellation([this.closing.signal, ...(signal === undefined ? [] : [signal])])
    try {
      const { answer, lost } = await cancellation.race(() => this.attempt(attempt, work, cancellation))
      if (lost !== undefined) await this.resolveLost(lost, attempt)
      return answer
    } catch (error) {
      if (isUnknownName(error)) this.known = undefined // The platform may have been upgraded meanwhile.
      const failure = toDeckError(error, attempt.endpoint ?? this.servers.endpoint)
      throw !attempt.isReading && failure !== error ? notSaved(failure) : failure
    } finally {
      cancellation.dispose()
    }
  }

  /** Does `work` on the server in use, and again on another connection or server where that does no harm. */
  private async attempt<T>(attempt: Attempt, work: Work<T>, cancellation: Cancellation): Promise<Ended<T>> {
    const server = await this.servers.use()
    attempt.startOn(server.endpoint)
    try {
      return await this.transact(server, attempt, work, cancellation)
    } catch (error) {
      if (isLost(error) || (attempt.access === "read write" && refusesChanges(error))) this.servers.leave(server)
      if (cancellation.signal.aborted || !attempt.mayBeRepeated(error, this.servers.count)) throw error
      return this.attempt(attempt, work, cancellation)
    }
  }

  private async transact<T>(
    server: Server,
    attempt: Attempt,
    work: Work<T>,
    cancellation: Cancellation,
  ): Promise<Ended<T>> {
    const { session, tx } = await this.begin(server, attempt)
    const aborted = cancellation.signal
    let cancelling: Promise<void> | undefined
    const onAbort = () => {
      cancelling = session.cancel()
    }
    aborted.addEventListener("abort", onAbort)
    let usable = false
    try {
      aborted.throwIfAborted()
      attempt.hasBegun = true
      const answer = await work(tx)
      const lost = await this.commit(tx, attempt, cancellation)
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

  private async begin(server: Server, { access, remainingMs }: Attempt): Promise<Begun> {
    const session = new Session(await server.connect(), server.endpoint, server.patienceMs)
    try {
      this.known ??= await detectGeneration(session)
      const { asks } = this.role
      const tx = await session.begin(access, this.known, this.isReadOnly(), remainingMs, asks === "with begin")
      const lag = await session.lag(asks !== "never")
      this.servers.heed(server, lag !== undefined)
      if (lag === undefined) this.role.isPrimary()
      else this.role.isReplica(server.endpoint.address, lag)
      return { session, tx }
    } catch (error) {
      session.destroy()
      throw error
    }
  }

  /** Commits, and returns what is known when no answer came; for one that only reads that does not matter. */
  private async commit(
    tx: ControlledTransaction<Tables>,
    { access, isReading }: Attempt,
    cancellation: Cancellation,
  ): Promise<LostCommit | undefined> {
    const id = access === "read write" && !isReading ? await transactionId(tx) : null
    cancellation.disarm()
    try {
      await tx.commit().execute()
      return undefined
    } catch (cause) {
      if (isAnswer(cause)) throw cause
      return { id, auditId: auditIdOf(tx), cause, lostAt: Date.now() }
    }
  }

  /**
   * Resolves if the transaction was committed or had nothing to commit; else throws. A primary alone is asked, since a standby
   * may not have heard of it yet.
   */
  private async resolveLost(lost: LostCommit, { endpoint }: Attempt): Promise<void> {
    const ask: Read = (query, signal) => this.runOnPrimary(query, signal)
    const outcome = lost.id === null ? "committed" : await outcomeOf(lost, ask)
    if (outcome === "aborted") throw lost.cause
    if (outcome !== "unknown") return
    void outcomeOf(lost, ask, STILL_WANTED_FOR).then(late => {
      if (late !== "unknown") this.onLateOutcome({ isSaved: late === "committed", lostAt: lost.lostAt })
    })
    throw unknownOutcome(lost.cause, endpoint ?? this.servers.endpoint)
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
