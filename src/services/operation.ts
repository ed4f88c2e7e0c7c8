import type { z } from "zod"
import type { Postgres } from "../adapters/postgres/connection.ts"
import type { RedisConnections } from "../adapters/redis/connections.ts"
import type { Config } from "../config.ts"
import type { Credentials } from "../domain/credentials.ts"
import type { DeckError } from "../domain/errors.ts"
import type { Operator } from "../domain/operator.ts"
import { declaredOf } from "../domain/schema.ts"
import type { Environment } from "./environment.ts"

/** What is read from, and for how long somebody wants to know. */
export interface Stores {
  readonly postgres: Postgres
  readonly redis: RedisConnections
  /** Ends the operation and the queries it has going on. */
  readonly signal: AbortSignal
}

/** What the deck hands to every operation while it runs. */
export interface OperationContext extends Stores {
  readonly operator: Operator
  readonly environment: Environment
  /** Made per operation; stands in its audit row and beside every error it causes. */
  readonly traceId: string
}

interface Declaration<Input extends z.ZodObject> {
  /** The words of the command, as in the contract: `["users", "list"]`. */
  readonly words: readonly string[]
  /** One line for `--help` and the palette. */
  readonly summary: string
  /** Fields by the contract's names; `.meta({ label, positional, placeholder })` says how a person meets them. */
  readonly input: Input
}

/** What a command takes and answers, where the console asks for more by the same operation. */
export interface Contract<Printed = unknown> {
  readonly input?: z.ZodObject
  /** The part of the operation's answer that the command prints. */
  readonly answer: z.ZodType<Printed>
}

/** Something asked once. The command, its options and its help all come from this one record. */
export interface Operation<Input extends z.ZodObject = z.ZodObject, Answer = unknown, Printed = unknown>
  extends Declaration<Input> {
  readonly kind: "read"
  readonly answer: z.ZodType<Answer>
  readonly run: (context: OperationContext, input: z.output<Input>) => Promise<Answer>
  readonly contract?: Contract<Printed> & {
    /** Reads that part alone, where all of it takes further queries. */
    readonly run?: (context: OperationContext, input: z.output<Input>) => Promise<Printed>
  }
  /** What the command asks for people instead, where they are told more, or otherwise, than a program. */
  readonly forPeople?: {
    readonly answer: z.ZodType
    readonly run: (context: OperationContext, input: z.output<Input>) => Promise<unknown>
  }
}

/**
 * Something changed once, as `change.ts` does it. The form's fields, their labels and checks are the input's as well.
 * The functions are methods, so that a screen can take any change: the deck checks the input by the change's own schema.
 */
export interface Change<Input extends z.ZodObject = z.ZodObject, Answer = unknown> extends Declaration<Input> {
  readonly kind: "change"
  readonly answer: z.ZodType<Answer>
  /** What would happen, read now; throws what `run` would be refused with, as far as that is known beforehand. */
  preview(context: OperationContext, input: z.output<Input>): Promise<Preview>
  run(context: ChangeContext, input: z.output<Input>): Promise<Outcome<Answer>>
  /** What a command prints for people instead of a table: lines for whatever they are piped into. */
  lines?(answer: Answer): readonly string[]
}

export interface ChangeContext extends OperationContext {
  /**
   * What the operator saw in the fields when they began to edit: another value there now is a conflict. `confirmed` is
   * what they typed to confirm it.
   */
  readonly seen: Readonly<Record<string, unknown>>
  /** To be told how much of it is done; what takes but a moment need not tell. */
  readonly progress: Progress
}

/** Hears that `done` of `all` are done, which stands only once the change is answered. */
export type Progress = (done: number, all: number) => void

/** What a person is shown before a change. Plain text; whatever comes from outside is made safe by who shows it. */
export interface Preview {
  /** What is done to what: `Suspend alice`. */
  readonly title: string
  /** Whom or what it is about, a line each. */
  readonly subject: readonly string[]
  /** What will happen, and what will not, a sentence each. */
  readonly effects: readonly string[]
  /** Whether a command asks first. The console always shows what will happen. */
  readonly asks: boolean
  /** All of it is so already: nothing would be changed. */
  readonly unchanged?: boolean
  /** A word about fields of the input that would do nothing: `revoke_keys`, "they have none". */
  readonly notes?: Readonly<Record<string, string>>
  /** What has to be typed to confirm it, where a key is not enough: a login. */
  readonly typed?: string
}

/** What a change did. */
export interface Outcome<Answer> {
  readonly answer: Answer
  /** What was done, in order; empty when there was nothing to change. */
  readonly steps: readonly Step[]
  /** What it was meant for and did not reach: what stands and is answered nevertheless. A command ends with it. */
  readonly failure?: DeckError
  /** That of its audit row; the deck fills it in. */
  readonly traceId?: string
}

export interface Step {
  /** A few words: `sessions (Redis)`. */
  readonly what: string
  /** Why it is not done yet: the change stands in PostgreSQL, and this write to Redis is owed. */
  readonly owed?: string
}

/** Something that goes on until its reader stops asking or `signal` fires. */
export interface Feed<Input extends z.ZodObject = z.ZodObject, Item = unknown> extends Declaration<Input> {
  readonly kind: "feed"
  /** It changes something: it is refused where nothing may be changed, and the permission is checked again. */
  readonly changes?: boolean
  readonly follow: (context: OperationContext, input: z.output<Input>) => AsyncIterable<Item>
}

/**
 * Something found out about the connections and this host, for whoever may not get as far as signing in. What it tells
 * without an operator is nothing of the platform's (contract, section 1).
 */
export interface Examination<Input extends z.ZodObject = z.ZodObject, Answer = unknown> extends Declaration<Input> {
  readonly kind: "examination"
  readonly answer: z.ZodType<Answer>
  run(context: ExaminationContext, input: z.output<Input>): Promise<Pick<Outcome<Answer>, "answer" | "failure">>
  /** What a command prints for people. */
  lines(answer: Answer): readonly string[]
}

export interface ExaminationContext extends Stores {
  readonly config: Config
  /** Who would sign in, asked for at most once. Throws DeckError "forbidden" where that is not known. */
  credentials(): Promise<Credentials>
  readonly host: Host
}

/** Where the program runs. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The terminal that it writes to; undefined where there is none. */
  readonly terminal: { readonly columns: number; readonly rows: number; readonly colourBits: number } | undefined
}

export type AnyOperation = Operation | Change | Feed | Examination

export const defineOperation = <Input extends z.ZodObject, Answer, Printed = Answer>(
  operation: Omit<Operation<Input, Answer, Printed>, "kind">,
): Operation<Input, Answer, Printed> => ({ ...operation, kind: "read" })

/** What the command of an operation takes and answers. */
export const contractOf = ({ contract, ...whole }: Pick<Operation, "input" | "answer"> & { contract?: Contract }) => ({
  input: contract?.input ?? whole.input,
  answer: contract?.answer ?? whole.answer,
})

/** `operation` as its command runs it: its answer cut to what the contract declares. */
export function commandOf<Input extends z.ZodObject, Answer, Printed>(
  operation: Operation<Input, Answer, Printed>,
): Operation<Input, Printed> {
  const { contract, ...whole } = operation
  const { input, answer } = contractOf(operation) as Pick<Operation<Input, Printed>, "input" | "answer">
  const run = contract?.run ?? operation.run
  return {
    ...whole,
    input,
    answer,
    run: async (context, given) => declaredOf(answer, await run(context, given)) as Printed,
  }
}

export const defineChange = <Input extends z.ZodObject, Answer>(
  change: Omit<Change<Input, Answer>, "kind">,
): Change<Input, Answer> => ({ ...change, kind: "change" })

export const defineFeed = <Input extends z.ZodObject, Item>(
  feed: Omit<Feed<Input, Item>, "kind">,
): Feed<Input, Item> => ({
  ...feed,
  kind: "feed",
})

export const defineExamination = <Input extends z.ZodObject, Answer>(
  examination: Omit<Examination<Input, Answer>, "kind">,
): Examination<Input, Answer> => ({ ...examination, kind: "examination" })
