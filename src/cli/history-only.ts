import { openHistory } from "../adapters/history/engines.ts"
import type { CommandLine, Options } from "../config/command-line.ts"
import { placeOf } from "../config/history.ts"
import type { Variables } from "../config/paths.ts"
import { readHistory } from "../config.ts"
import { DeckError } from "../domain/errors.ts"
import { show, shown } from "../domain/safe-text.ts"
import { checkedInput } from "../services/deck.ts"
import { historyAlone, isRecorded } from "../services/history/sources.ts"
import type { Operation } from "../services/operation.ts"
import type { Output } from "./output.ts"
import { printAnswer } from "./print.ts"

/** Option of the commands that can do with the history alone. */
export const HISTORY_ONLY = {
  "history-only": {
    kind: "flag",
    summary: "read the history's files alone, without names; no operator, PostgreSQL or Redis is asked",
  },
} as const satisfies Options

interface Asked {
  readonly line: CommandLine
  readonly env: Variables
  readonly json: boolean
  readonly output: Output
  /** Standard error. */
  readonly notes: Output
  readonly signal: AbortSignal
}

/**
 * Prints what an operation answers from the history's files: their modes decide who may. No connection is opened. Throws DeckError
 * `unavailable` where there is no history.
 */
export async function answerFromHistory(
  operation: Operation,
  input: unknown,
  { line, env, json, output, notes, signal }: Asked,
): Promise<void> {
  const { ofHistory } = operation
  if (ofHistory === undefined) throw new TypeError(`${operation.words.join(" ")} is of more than the history`)
  const { history: settings, gateways } = readHistory(line, env)
  const place = placeOf(settings)
  const history = openHistory(settings)
  const context = { history, gateways, signal }
  try {
    if (!(await isRecorded(historyAlone(context)))) {
      const remedy = "name its directory with --history, or record one: opsdeck record"
      throw new DeckError("unavailable", `there is no history in ${place}: ${remedy}`, { field: "history" })
    }
    const checked = checkedInput(operation.input, input)
    const answer = await ofHistory.run(context, checked)
    await printAnswer(operation, answer, json, output)
    const said = [ofHistory.caveat?.(context, answer), ...(json ? [] : [operation.remark?.(checked, answer)])]
    for (const text of [`from ${place} alone, without names`, ...said]) {
      if (text !== undefined) await notes.write(`${shown`opsdeck: ${show(text)}`}\n`)
    }
  } finally {
    history.close()
  }
}
