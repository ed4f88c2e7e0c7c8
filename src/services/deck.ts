import type { z } from "zod"
import { onPrimary } from "../adapters/postgres/postgres.ts"
import { asDeckError, DeckError } from "../domain/errors.ts"
import type { Operator } from "../domain/operator.ts"
import { lagOf } from "../domain/replica.ts"
import { redisOfAnotherPlatform } from "./belonging.ts"
import { type Environment, NO_ENVIRONMENT } from "./environment.ts"
import type { Change, ChangeContext, Feed, Operation, OperationContext, Outcome, Preview } from "./operation.ts"
import { authorize } from "./permission.ts"
import type { Platform } from "./platform.ts"
import { readOnlyReplicas } from "./redis-replica.ts"
import type { RedisDatabase } from "./redis-rights.ts"
import { hiddenRows } from "./row-security.ts"
import { newTraceId } from "./trace-id.ts"

export interface CallOptions {
  /** Cancels the operation; it then throws DeckError("cancelled"). */
  signal?: AbortSignal
}

export interface ChangeOptions extends CallOptions, Partial<Pick<ChangeContext, "seen" | "progress">> {}

type DeckPlatform = Pick<Platform, "postgres" | "redis"> &
  Partial<Pick<Platform, "environment">> & { readonly reading?: Platform["reading"] } & Pick<
    OperationContext,
    "history" | "incidents"
  >

const AGREED = { agrees: true, says: [] }

/** The one pipeline of every operation: trace id, input, permission, run. Throws DeckError alone, with the trace id. */
export class Deck {
  readonly operator: Operator
  readonly environment: Environment
  private readonly platform: DeckPlatform
  private readonly onFailure: (failure: DeckError) => void
  /** The Redis that were found to be this platform's. */
  private readonly agreed = new Set<RedisDatabase>()

  /** `onFailure` is called with every failure, before it reaches the caller. */
  constructor(platform: DeckPlatform, operator: Operator, onFailure: (failure: DeckError) => void = () => {}) {
    this.platform = platform
    this.operator = operator
    this.onFailure = onFailure
    this.environment = platform.environment ?? NO_ENVIRONMENT
  }

  /** Runs `operation` on unchecked `input` from a command line, a form or a script. */
  run<Input extends z.ZodObject, Answer>(
    operation: Operation<Input, Answer>,
    input: unknown,
    options: CallOptions = {},
  ): Promise<Answer> {
    const { reading } = this.platform
    return this.perform(options, async context => {
      const checked = checkedInput(operation.input, input)
      if (!operation.mayLag || reading === undefined) return operation.run(context, checked)
      try {
        return await operation.run({ ...context, postgres: reading }, checked)
      } catch (error) {
        // A replica may not have it yet.
        if (!isNotFound(error) || !reading.turnToPrimary()) throw error
        return operation.run(context, checked)
      }
    })
  }

  /**
   * Where what may lag was read last, where a replica is to be read: `replica, 2 s behind`, or else the primary and why. Undefined
   * where `operation` is read from the primary alone.
   */
  readFrom({ mayLag }: Pick<Operation, "mayLag">): { readonly says: string; readonly isReplica: boolean } | undefined {
    const from = mayLag ? this.platform.reading?.readFrom : undefined
    if (from === undefined) return undefined
    if ("primary" in from) return { says: `primary: ${from.primary}`, isReplica: false }
    return { says: `replica, ${lagOf(from.replica)}`, isReplica: true }
  }

  /** Returns why an answer may be less than there is; undefined where it is not, or that cannot be found out. */
  async caveat(
    operation: Pick<Operation, "caveat">,
    answer: unknown,
    options: CallOptions = {},
  ): Promise<string | undefined> {
    return operation.caveat?.(this.context(options), answer).catch(() => undefined)
  }

  /** Returns the preview of `change`, for its confirmation. */
  preview<Input extends z.ZodObject, Answer>(
    change: Change<Input, Answer>,
    input: unknown,
    options: CallOptions = {},
  ): Promise<Preview> {
    return this.perform(options, async context => {
      const preview = await change.preview(context, checkedInput(change.input, input))
      return { ...preview, effects: [...(await this.foreign(change, context)), ...preview.effects] }
    })
  }

  /** Makes the change, after another check of the permission. `seen` are the fields as they were when editing began. */
  change<Input extends z.ZodObject, Answer>(
    change: Change<Input, Answer>,
    input: unknown,
    { seen = {}, progress = () => {}, ...options }: ChangeOptions = {},
  ): Promise<Outcome<Answer>> {
    return this.perform(options, async context => {
      this.refuseReadOnly()
      const checked = checkedInput(change.input, input)
      const changing = await this.admit(context)
      const foreign = await this.foreign(change, context)
      // Also of one that failed it may not be known what it left behind. Nobody waits for it.
      const outcome = await change
        .run({ ...changing, seen, progress }, checked)
        .finally(() => void this.platform.reading?.changed())
      if (outcome.failure !== undefined) outcome.failure.traceId = context.traceId
      return { ...outcome, warnings: [...foreign, ...(outcome.warnings ?? [])], traceId: context.traceId }
    })
  }

  /** Follows `feed` until its consumer stops, or the signal fires. */
  async *follow<Input extends z.ZodObject, Item>(
    feed: Feed<Input, Item>,
    input: unknown,
    options: CallOptions = {},
  ): AsyncGenerator<Item, void> {
    const context = this.context(options)
    try {
      if (feed.changes) this.refuseReadOnly()
      const checked = checkedInput(feed.input, input)
      yield* feed.follow(feed.changes ? await this.admit(context) : context, checked)
    } catch (error) {
      throw this.reported(error, context)
    }
  }

  /** Throws DeckError "read_only" where changes are impossible. */
  refuseReadOnly(): void {
    const { readOnly } = this.environment
    if (readOnly !== undefined) throw new DeckError("read_only", readOnly)
  }

  /**
   * What speaks against the Redis that `change` writes to: that it takes no writes, and, until it was found to be this platform's,
   * that it may be another's.
   */
  private async foreign({ writes }: Pick<Change, "writes">, context: OperationContext): Promise<string[]> {
    if (writes === undefined) return []
    const [replicas, { agrees, says }] = await Promise.all([
      readOnlyReplicas(context, writes),
      this.agreed.has(writes) ? AGREED : redisOfAnotherPlatform(context, writes),
    ])
    if (agrees) this.agreed.add(writes)
    return [...replicas, ...says]
  }

  /** Returns the context of a change: what it reads, its permission first, is a primary's. */
  private async admit(context: OperationContext): Promise<OperationContext> {
    await this.environment.admit?.()
    this.refuseReadOnly() // The environment's admission can take a while.
    const changing = { ...context, postgres: onPrimary(context.postgres) }
    await authorize(changing)
    return changing
  }

  private async perform<T>(options: CallOptions, work: (context: OperationContext) => Promise<T>): Promise<T> {
    const context = this.context(options)
    try {
      return await work(context)
    } catch (error) {
      throw this.reported(await whetherHidden(error, context), context)
    }
  }

  private reported(error: unknown, context: OperationContext): DeckError {
    const failure = traced(error, context)
    this.onFailure(failure)
    return failure
  }

  private context({ signal = new AbortController().signal }: CallOptions): OperationContext {
    const { postgres, redis, history, incidents } = this.platform
    return {
      postgres,
      redis,
      history,
      incidents,
      environment: this.environment,
      operator: this.operator,
      traceId: newTraceId(),
      signal,
    }
  }
}

/** Checks the input of an operation. Throws DeckError `invalid` that names the field. */
export function checkedInput<Input extends z.ZodObject>(schema: Input, input: unknown): z.output<Input> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0] as z.core.$ZodIssue
  const field = issue.path[0]
  if (field === undefined) throw new DeckError("invalid", issue.message)
  const missing = issue.path.length === 1 && (input as Record<PropertyKey, unknown>)[field] === undefined
  throw new DeckError("invalid", missing ? "is missing" : issue.message, { field: String(field) })
}

/** What there is not may be there and hidden: then the error says so. */
async function whetherHidden(error: unknown, context: OperationContext): Promise<unknown> {
  if (!isNotFound(error)) return error
  const hidden = await hiddenRows(context).catch(() => undefined)
  if (hidden === undefined) return error
  const { message, field } = error
  return new DeckError("not_found", `${message}; ${hidden}`, { ...(field && { field }), cause: error })
}

const isNotFound = (error: unknown): error is DeckError => error instanceof DeckError && error.code === "not_found"

function traced(error: unknown, { traceId, signal }: OperationContext): DeckError {
  const failure = asDeckError(error)
  failure.traceId ??= traceId
  return signal.aborted && failure.code === "internal" ? new DeckError("cancelled", "cancelled", { traceId }) : failure
}
