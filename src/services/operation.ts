import type { Kysely } from "kysely"
import type { z } from "zod"
import type { LogHistory } from "../adapters/history/store.ts"
import type { IncidentStore } from "../adapters/incidents/store.ts"
import type { Postgres } from "../adapters/postgres/connection.ts"
import type { ReadReplica } from "../adapters/postgres/read-replica.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import type { RedisConnections } from "../adapters/redis/connections.ts"
import type { Config } from "../config.ts"
import type { Credentials } from "../domain/credentials.ts"
import type { DeckError } from "../domain/errors.ts"
import type { Operator } from "../domain/operator.ts"
import { declaredOf } from "../domain/schema.ts"
import type { CountedRows } from "./counted-rows.ts"
import type { Environment } from "./environment.ts"
import type { RedisDatabase } from "./redis-rights.ts"
import type { Sorts } from "./sort.ts"

/** The stores of an operation, and the signal that cancels it. */
export interface Stores {
  readonly postgres: Postgres
  readonly redis: RedisConnections
  /** The log's past, where it is recorded. */
  readonly history?: LogHistory | undefined
  /** What was written down of incidents on this host. */
  readonly incidents?: IncidentStore | undefined
  /** Cancels the operation and its queries. */
  readonly signal: AbortSignal
}

/** All that is read with --history-only. */
export type HistoryContext = Pick<Stores, "signal"> & {
  readonly history: LogHistory
  /** The gateways of the deployment; one with an empty name where there is one that nobody named. */
  readonly gateways: readonly { readonly name: string }[]
}

/** Context of a running operation, from the deck. */
export interface OperationContext extends Stores {
  readonly operator: Operator
  readonly environment: Environment
  /** Generated per operation; part of its audit row and of every error. */
  readonly traceId: string
}

interface Declaration<Input extends z.ZodObject> {
  /** The words of the command, as in the contract: `["users", "list"]`. */
  readonly words: readonly string[]
  /** One line for `--help` and the palette. */
  readonly summary: string
  /** Fields by the contract's names; their `.meta` describes them for command and form. */
  readonly input: Input
}

/** Input and answer of the command, where the operation offers more to the console. */
export interface Contract<Printed = unknown> {
  readonly input?: z.ZodObject
  /** The part of the operation's answer that the command prints. */
  readonly answer: z.ZodType<Printed>
}

/** A read with one answer. The command, its options and its help all come from this one record. */
export interface Operation<Input extends z.ZodObject = z.ZodObject, Answer = unknown, Printed = unknown>
  extends Declaration<Input> {
  readonly kind: "read"
  readonly answer: z.ZodType<Answer>
  readonly run: (context: OperationContext, input: z.output<Input>) => Promise<Answer>
  /** Whether its answer may be some seconds old: it is read from the replica of `readUrl`, where there is one that will do. */
  readonly mayLag?: boolean
  /** The rows of a list, without an order and a page: their number is told beside a page. */
  readonly rows?: (db: Kysely<Tables>, input: z.output<Input>) => CountedRows | Promise<CountedRows>
  /** Columns of `rows` that are summed up beside their number. */
  readonly summed?: readonly string[]
  /** What a list can be sorted by, which its input `sort` says. */
  readonly sorts?: Sorts
  /** What is to be known about an answer to `input`: a command says it to people. */
  remark?(input: z.output<Input>, answer: Printed): string | undefined
  /** The command with --history-only: for whoever may read the history's files, who needs no operator, PostgreSQL or Redis. */
  readonly ofHistory?: {
    readonly run: (context: HistoryContext, input: z.output<Input>) => Promise<Printed>
    caveat?(context: HistoryContext, answer: Printed): string | undefined
  }
  readonly contract?: Contract<Printed> & {
    /** Reads that part alone, where the whole answer takes further queries. */
    readonly run?: (context: OperationContext, input: z.output<Input>) => Promise<Printed>
  }
  /** What the command runs and prints for people, where that differs from the output for programs. */
  readonly forPeople?: {
    readonly answer: z.ZodType
    readonly run: (context: OperationContext, input: z.output<Input>) => Promise<unknown>
  }
  /** Lines that a command prints for people instead of a table or a card. */
  lines?(answer: Printed): readonly string[]
  /** Why the answer may be less than there is: a command says it on standard error, with --json as well. */
  caveat?(context: OperationContext, answer: Printed): Promise<string | undefined>
}

/** A change, made as in `change.ts`. Methods, so that a screen can take any change: the deck checks the input. */
export interface Change<Input extends z.ZodObject = z.ZodObject, Answer = unknown> extends Declaration<Input> {
  readonly kind: "change"
  readonly answer: z.ZodType<Answer>
  /** The Redis that it writes to: preview and answer say where that may be another platform's (services/belonging). */
  readonly writes?: RedisDatabase
  /** Returns the preview, read now; throws the refusals of `run` as far as they are known beforehand. */
  preview(context: OperationContext, input: z.output<Input>): Promise<Preview>
  run(context: ChangeContext, input: z.output<Input>): Promise<Outcome<Answer>>
  /** What a command prints for people instead of the answer: this operation's, read after the change. */
  readonly shownBy?: Operation
  /** Lines that a command prints instead of a table, for piping. */
  lines?(answer: Answer): readonly string[]
}

export interface ChangeContext extends OperationContext {
  /** The fields as seen when editing began: another value there now is a conflict. `confirmed` is the text typed. */
  readonly seen: Readonly<Record<string, unknown>>
  /** Reports progress; not needed for a quick change. */
  readonly progress: Progress
}

/** Called when `done` of `all` are done; nothing is saved before the change is answered. */
export type Progress = (done: number, all: number) => void

/** Preview of a change. Plain text; untrusted parts are made safe where it is shown. */
export interface Preview {
  /** Action and object: `Suspend alice`. */
  readonly title: string
  /** Description of the object, in lines. */
  readonly subject: readonly string[]
  /** What will happen, and what will not, a sentence each. */
  readonly effects: readonly string[]
  /** Whether a command asks for confirmation. The console always shows the preview. */
  readonly needsConfirmation: boolean
  /** Whether nothing would change, since everything is so already. */
  readonly unchanged?: boolean
  /** Notes about fields of the input without an effect: `revoke_keys`, "they have none". */
  readonly notes?: Readonly<Record<string, string>>
  /** Text to type as confirmation, where a key is not enough: a login. */
  readonly typed?: string
}

/** Result of a change. */
export interface Outcome<Answer> {
  readonly answer: Answer
  /** The steps done, in order; empty when there was nothing to change. */
  readonly steps: readonly Step[]
  /** Goal that the change did not reach: it is saved and answered nevertheless. A command ends with this error. */
  readonly failure?: DeckError
  /** What is to be looked at in what was saved, a sentence each: a command that did not ask says it. */
  readonly warnings?: readonly string[]
  /** Trace id of its audit row; filled in by the deck. */
  readonly traceId?: string
}

export interface Step {
  /** A few words: `sessions (Redis)`. */
  readonly what: string
  /** Why it is not done yet: the change is saved in PostgreSQL, and this write to Redis is owed. */
  readonly owed?: string
  /** Whether it is owed is not known: Redis could not be asked. */
  readonly unseen?: true
}

/** A stream of items that goes on until its consumer stops or `signal` fires. */
export interface Feed<Input extends z.ZodObject = z.ZodObject, Item = unknown> extends Declaration<Input> {
  readonly kind: "feed"
  /** Whether it makes changes: it is refused while read-only, and the permission is checked again. */
  readonly changes?: boolean
  /** What `--follow` does, for its help, where that ends otherwise than by Ctrl-C. */
  readonly follows?: string
  /** The rows that it prints, where no operation of the same words lists them: then it is a command of its own. */
  readonly item?: z.ZodType<object>
  readonly follow: (context: OperationContext, input: z.output<Input>) => AsyncIterable<Item>
}

/** A diagnosis that may run without an operator, and then reveals nothing of the platform (contract, section 1). */
export interface Examination<Input extends z.ZodObject = z.ZodObject, Answer = unknown> extends Declaration<Input> {
  readonly kind: "examination"
  readonly answer: z.ZodType<Answer>
  run(context: ExaminationContext, input: z.output<Input>): Promise<Pick<Outcome<Answer>, "answer" | "failure">>
  /** Lines that a command prints for people, on a terminal of so many columns. */
  lines(answer: Answer, columns?: number): readonly string[]
}

export interface ExaminationContext extends Stores {
  readonly config: Config
  /** What may lag is read there. */
  readonly reading?: ReadReplica | undefined
  /** Returns the configured credentials, prompting at most once. Throws DeckError "forbidden" without any. */
  credentials(): Promise<Credentials>
  readonly host: Host
}

/** Host of the program. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The terminal of its output; undefined where there is none. */
  readonly terminal: { readonly columns: number; readonly rows: number; readonly colourBits: number } | undefined
}

export type AnyOperation = Operation | Change | Feed | Examination

export const defineOperation = <Input extends z.ZodObject, Answer, Printed = Answer>(
  operation: Omit<Operation<Input, Answer, Printed>, "kind">,
): Operation<Input, Answer, Printed> => ({ ...operation, kind: "read" })

/** Input and answer of an operation's command. */
export const contractOf = ({ contract, ...whole }: Pick<Operation, "input" | "answer"> & { contract?: Contract }) => ({
  input: contract?.input ?? whole.input,
  answer: contract?.answer ?? whole.answer,
})

/** Returns `operation` as run by its command: its answer cut to the contract. */
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
