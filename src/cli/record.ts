import { ACCESS_LOG } from "../adapters/redis/keys.ts"
import { placeOf } from "../config/history.ts"
import { readRecording } from "../config.ts"
import { DeckError } from "../domain/errors.ts"
import { recordStatus } from "../domain/record-status.ts"
import { show, shown } from "../domain/safe-text.ts"
import { record } from "../services/history/record.ts"
import { readRecordStatus } from "../services/history/record-status.ts"
import type { Program } from "./command.ts"
import { printAnswer } from "./print.ts"

type Run = Program["run"]

/** Runs the recorder until Ctrl-C or SIGTERM, after which everything is written. What it has to say goes to standard output. */
export const recordLog: Run = async ({ line, env, output, process, signal }) => {
  const { redis, stream = ACCESS_LOG, history } = readRecording(line, env)
  const ended = new AbortController()
  const end = () => ended.abort()
  process.once("SIGTERM", end)
  signal.addEventListener("abort", end)
  try {
    await record(history, {
      redis,
      stream,
      retention: history,
      signal: ended.signal,
      // Nobody may be there to read it.
      say: message => void output.write(`${shown`opsdeck: ${show(message)}`}\n`).catch(() => {}),
    })
  } finally {
    process.off("SIGTERM", end)
  }
}

/** Prints the state of the history. Throws DeckError `unavailable`, with it printed, when nothing is being recorded. */
export const showRecordStatus: Run = async ({ line, env, output, json }) => {
  const { history } = readRecording(line, env)
  const status = await readRecordStatus(history, Date.now())
  await printAnswer({ words: ["record", "status"], answer: recordStatus }, status, json, output)
  if (!status.recording) throw new DeckError("unavailable", `nothing is being recorded into ${placeOf(history)}`)
  if (status.trouble !== null) throw new DeckError("unavailable", `nothing is being recorded: ${status.trouble}`)
}
