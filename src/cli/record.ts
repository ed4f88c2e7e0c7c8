import { setFlagsFromString } from "node:v8"
import { ACCESS_LOG } from "../adapters/redis/keys.ts"
import { placeOf } from "../config/history.ts"
import { readRecording } from "../config.ts"
import { DeckError } from "../domain/errors.ts"
import { recordStatus, unrecorded } from "../domain/record-status.ts"
import { show, shown } from "../domain/safe-text.ts"
import { record } from "../services/history/record.ts"
import { recordEach } from "../services/history/record-each.ts"
import { readRecordStatus } from "../services/history/record-status.ts"
import { gatewaysNamed } from "../services/history/sources.ts"
import type { Program } from "./command.ts"
import { printAnswer } from "./print.ts"

type Run = Program["run"]

/** Runs the recorders until Ctrl-C or SIGTERM, after which everything is written. What they have to say goes to standard output. */
export const recordLog: Run = async ({ input, line, env, output, process, signal }) => {
  const { gateways, history } = readRecording(line, env)
  const asked = gatewaysNamed(gateways, input.gateway as readonly string[] | undefined)
  // What is made of an entry is garbage at once: for that V8's young heap need not grow, and 40 MB are saved.
  setFlagsFromString("--semi-space-growth-factor=1")
  const ended = new AbortController()
  const end = () => ended.abort()
  process.once("SIGTERM", end)
  signal.addEventListener("abort", end)
  const recordings = asked.map(({ name, redis, stream = ACCESS_LOG }) => ({
    gateway: name,
    redis,
    stream,
    // What is kept of all gateways together, each has an equal share of.
    retention: { ...history, bytes: history.bytes / gateways.length },
    signal: ended.signal,
    // Nobody may be there to read it.
    say: (message: string) => void output.write(`${shown`opsdeck: ${show(message)}`}\n`).catch(() => {}),
  }))
  const [first, ...others] = recordings
  try {
    await (first !== undefined && others.length === 0 ? record(history, first) : recordEach(history, recordings))
  } finally {
    process.off("SIGTERM", end)
  }
}

/** Prints the state of the history. Throws DeckError `unavailable`, with it printed, when one of the gateways is not being recorded. */
export const showRecordStatus: Run = async ({ input, line, env, output, json }) => {
  const { gateways, history } = readRecording(line, env)
  const asked = gatewaysNamed(gateways, input.gateway as readonly string[] | undefined)
  const status = await readRecordStatus(history, Date.now(), asked)
  await printAnswer({ words: ["record", "status"], answer: recordStatus }, status, json, output)
  if (!status.recording) {
    throw new DeckError("unavailable", `nothing${unrecorded(status)} is being recorded into ${placeOf(history)}`)
  }
  if (status.trouble !== null) throw new DeckError("unavailable", `nothing is being recorded: ${status.trouble}`)
}
