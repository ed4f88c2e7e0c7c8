import { z } from "zod"
import { migrate } from "../adapters/postgres/migrate.ts"
import { readDatabase } from "../config.ts"
import { show, shown } from "../domain/safe-text.ts"
import type { Program } from "./command.ts"
import { SHELLS, type Shell } from "./completion/shells.ts"
import { refuseReadOnly } from "./environment.ts"

export const PROGRAMS: readonly Program[] = [
  {
    words: ["migrate"],
    summary: "create the platform's tables in an empty database",
    input: z.object({}),
    async run({ line, env, output }) {
      const { url, readOnly } = readDatabase(line, env)
      refuseReadOnly(readOnly)
      await output.write(`${shown`the tables are in ${show(await migrate(url))}`}\n`)
    },
  },
  {
    words: ["completion"],
    summary: "print a shell's completion script for opsdeck",
    input: z.object({ shell: z.enum(SHELLS).meta({ label: "bash, zsh or fish", positional: true }) }),
    async run({ input, output, commands }) {
      const { completionFor } = await import("./completion/completion.ts")
      await output.write(completionFor(input.shell as Shell, await commands()))
    },
  },
]
