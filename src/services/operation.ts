import type { z } from "zod"
import type { Postgres } from "../adapters/postgres/connection.ts"
import type { RedisConnections } from "../adapters/redis/connections.ts"
import type { Operator } from "../domain/operator.ts"

/** What the deck hands to every operation while it runs. */
export interface OperationContext {
  readonly postgres: Postgres
  readonly redis: RedisConnections
  readonly operator: Operator
  /** Made per operation; stands in its audit row and beside every error it causes. */
  readonly traceId: string
  /** Ends the operation and the queries it has going on. */
  readonly signal: AbortSignal
}

interface Declaration<Input extends z.ZodObject> {
  /** The words of the command, as in the contract: `["users", "list"]`. */
  readonly words: readonly string[]
  /** One line for `--help` and the palette. */
  readonly summary: string
  /** Fields by the contract's names; `.meta({ label, positional, placeholder })` says how a person meets them. */
  readonly input: Input
}

/** Something asked or changed once. The command, its options, its help and its form all come from this one record. */
export interface Operation<Input extends z.ZodObject = z.ZodObject, Answer = unknown> extends Declaration<Input> {
  readonly kind: "read" | "change"
  readonly answer: z.ZodType<Answer>
  readonly run: (context: OperationContext, input: z.output<Input>) => Promise<Answer>
}

/** Something that goes on until its reader stops asking or `signal` fires. */
export interface Feed<Input extends z.ZodObject = z.ZodObject, Item = unknown> extends Declaration<Input> {
  readonly kind: "feed"
  readonly follow: (context: OperationContext, input: z.output<Input>) => AsyncIterable<Item>
}

export const defineOperation = <Input extends z.ZodObject, Answer>(operation: Operation<Input, Answer>) => operation

export const defineFeed = <Input extends z.ZodObject, Item>(
  feed: Omit<Feed<Input, Item>, "kind">,
): Feed<Input, Item> => ({
  ...feed,
  kind: "feed",
})
