import { z } from "zod"
import { migrate } from "../adapters/postgres/migrate.ts"
import type { CommandLine } from "../config/command-line.ts"
import { readDatabase } from "../config.ts"
import { show, shown } from "../domain/safe-text.ts"
import { SHELLS, type Shell } from "./completion/shells.ts"
import type { Output } from "./output.ts"
import { refuseReadOnly } from "./site.ts"
import type { Command } from "./words.ts"

interface Invocation {
  readonly input: Readonly<Record<string, unknown>>
  readonly line: CommandLine
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

export const PROGRAMS: readonly Program[] = [
  {
    words: ["migrate"],
    summary: "create the platform's tables in an empty database",
    input: z.object({}),
    async run({ line, output }) {
      const { url, readOnly } = readDatabase(line, process.env)
      refuseReadOnly(readOnly)
      await output.write(`${shown`the tables are in ${show(await migrate(url))}`}\n`)
    },
  },
  {
    words: ["completion"],
    summary: "what a shell needs to complete opsdeck's commands and options",
    input: z.object({ shell: z.enum(SHELLS).meta({ label: "bash, zsh or fish", positional: true }) }),
    async run({ input, output, commands }) {
      const { completionFor } = await import("./completion/completion.ts")
      await output.write(completionFor(input.shell as Shell, await commands()))
    },
  },
]
