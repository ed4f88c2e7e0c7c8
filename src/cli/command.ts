import type { z } from "zod"
import type { CommandLine, Options } from "../config/command-line.ts"
import type { Variables } from "../config/paths.ts"
import type { Change, Examination, Feed, Operation } from "../services/operation.ts"
import type { Output } from "./output.ts"

/** What the words of a command line name. */
export interface Command {
  readonly words: readonly string[]
  readonly summary: string
  readonly operation?: Operation | Change | Examination
  /** What `--follow` runs instead. */
  readonly feed?: Feed
  /** What needs no operator. */
  readonly program?: Program
  /** All that it takes, where it has none of those that every command has. */
  readonly options?: Options
}

interface Invocation {
  readonly input: Readonly<Record<string, unknown>>
  readonly line: CommandLine
  readonly env: Variables
  readonly output: Output
  /** Every command there is. */
  readonly commands: () => Promise<readonly Command[]>
}

/** A command that is no operation: it needs no operator. */
export interface Program {
  readonly words: readonly string[]
  readonly summary: string
  readonly input: z.ZodObject
  readonly run: (invocation: Invocation) => Promise<void>
}
