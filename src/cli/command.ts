import type { z } from "zod"
import type { CommandLine, Options } from "../config/command-line.ts"
import type { Variables } from "../config/paths.ts"
import type { Change, Examination, Feed, Operation } from "../services/operation.ts"
import type { CommandProcess } from "./command-process.ts"
import type { Output } from "./output.ts"

/** A command of the command line. */
export interface Command {
  readonly words: readonly string[]
  readonly summary: string
  readonly operation?: Operation | Change | Examination
  /** Feed run by `--follow`; where there is no operation, without it. */
  readonly feed?: Feed
  /** Program run instead of an operation, without an operator. */
  readonly program?: Program
  /** All its options, where it does not accept those of every command. */
  readonly options?: Options
}

interface Invocation {
  readonly input: Readonly<Record<string, unknown>>
  readonly line: CommandLine
  readonly env: Variables
  readonly output: Output
  /** Standard error. */
  readonly notes: Output
  readonly json: boolean
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal
  readonly process: CommandProcess
  /** Loads all commands. */
  readonly commands: () => Promise<readonly Command[]>
}

/** A command that is no operation: it needs no operator. */
export interface Program {
  readonly words: readonly string[]
  readonly summary: string
  readonly input: z.ZodObject
  /** What it prints, for one that has `--json`. */
  readonly answer?: z.ZodType
  readonly run: (invocation: Invocation) => Promise<void>
}
