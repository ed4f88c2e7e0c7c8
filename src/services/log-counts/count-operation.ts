import type { z } from "zod"
import type { gateway } from "../../domain/access-log-query.ts"
import { fewNames } from "../../domain/few-names.ts"
import { type missingPart, missingText } from "../../domain/log-counts/missing.ts"
import { historyAlone, type LogSources, wholeLog } from "../history/sources.ts"
import { defineOperation, type Operation, type Stores } from "../operation.ts"

interface Answer {
  readonly missing: readonly z.infer<typeof missingPart>[]
}

type Declared<Input extends z.ZodObject, Counted> = Pick<
  Operation<Input, Counted, Counted>,
  "words" | "summary" | "input" | "answer" | "remark"
>

/** Declares a count of the log, for operators from history and stream, and with --history-only from the history alone. */
export const defineCount = <Input extends z.ZodObject<{ gateway: typeof gateway }>, Counted extends Answer>({
  count,
  ...declared
}: Declared<Input, Counted> & {
  readonly count: (sources: LogSources, input: Omit<z.output<Input>, "gateway">) => Promise<Counted>
}): Operation<Input, Counted, Counted> =>
  defineOperation<Input, Counted, Counted>({
    ...declared,
    run: (context, { gateway, ...input }) => count(wholeLog(context, gateway), input),
    caveat: async (context, answer) => caveatOf(context, answer),
    ofHistory: {
      run: (context, { gateway, ...input }) => count(historyAlone(context, gateway), input),
      caveat: caveatOf,
    },
  })

const caveatOf = (context: Pick<Stores, "history">, { missing }: Answer): string | undefined =>
  [leftOut(context), missingText(missing)].filter(said => said !== undefined).join("; ") || undefined

/** Names the files of the history that could not be read. */
export function leftOut({ history }: Pick<Stores, "history">): string | undefined {
  if (history === undefined || history.unreadable.size === 0) return undefined
  return `left out, since these files of the history cannot be read: ${fewNames([...history.unreadable])}`
}
