import { z } from "zod"
import { migrate } from "../adapters/postgres/migrate.ts"
import { readDatabase } from "../config.ts"
import { gateway } from "../domain/access-log-query.ts"
import { recordStatus } from "../domain/record-status.ts"
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
    words: ["record", "status"],
    summary: "since when the log is recorded, and how far behind that is; exit 6 if nobody records",
    input: z.object({ gateway }),
    answer: recordStatus,
    run: async invocation => (await import("./record.ts")).showRecordStatus(invocation),
  },
  {
    words: ["record"],
    summary: "write the gateway's log into the history, until it is ended",
    input: z.object({ gateway }),
    run: async invocation => (await import("./record.ts")).recordLog(invocation),
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
