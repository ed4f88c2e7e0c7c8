import { leadingWords, readCommandLine } from "../config/read-command-line.ts"
import { PROGRAM_OPTIONS } from "../config/settings.ts"
import { type Config, ignoredNote, readConfig } from "../config.ts"
import { DeckError, EXIT_STATUS } from "../domain/errors.ts"
import { lagOf } from "../domain/replica.ts"
import { show, shown } from "../domain/safe-text.ts"
import { Deck } from "../services/deck.ts"
import type { Operation } from "../services/operation.ts"
import { openPlatform } from "../services/platform.ts"
import { signIn } from "../services/sign-in.ts"
import { VERSION } from "../version.ts"
import { runChange } from "./change.ts"
import { fieldsOf, optionsFor } from "./command-options.ts"
import type { CommandProcess } from "./command-process.ts"
import { credentialsFor } from "./credentials.ts"
import { commandEnvironment } from "./environment.ts"
import { runExamination } from "./examination.ts"
import { printFeed } from "./follow.ts"
import { helpFor, overview } from "./help.ts"
import { answerFromHistory } from "./history-only.ts"
import { type Field, inputFrom, nameOf } from "./options.ts"
import { isClosedPipe, type Output, openOutput } from "./output.ts"
import { nextPage, printAnswer, rowSchema } from "./print.ts"
import { openPrompt, type Prompt } from "./prompt.ts"
import { commandsUnder, findCommand } from "./words.ts"

/** Runs the command of `argv`; returns 0, or 130 after Ctrl-C. Throws every failure except a closed pipe. */
export async function runCommand(argv: readonly string[], process: CommandProcess): Promise<number> {
  const interrupted = new AbortController()
  const { signal } = interrupted
  const interrupt = () => interrupted.abort()
  // Once: a second Ctrl-C ends the process immediately, even if it hangs.
  process.once("SIGINT", interrupt)
  const begin = () => {
    signal.throwIfAborted()
    process.off("SIGINT", interrupt)
    process.once("SIGINT", () => {})
  }
  try {
    const streams = { output: openOutput(process.stdout, signal), notes: openOutput(process.stderr, signal) }
    await execute(argv, { ...streams, process, prompt: openPrompt(process), signal, begin })
    return signal.aborted ? EXIT_STATUS.cancelled : 0
  } catch (error) {
    if (signal.aborted) return EXIT_STATUS.cancelled
    if (isClosedPipe(error)) return 0
    throw error
  }
}

interface Session {
  readonly process: CommandProcess
  readonly prompt: Prompt
  readonly output: Output
  /** Standard error, for everything that is not part of the answer. */
  readonly notes: Output
  readonly signal: AbortSignal
  /** Disables the first Ctrl-C from now on. */
  begin(): void
}

async function execute(argv: readonly string[], session: Session): Promise<void> {
  if (argv.includes("--version")) return session.output.write(`opsdeck ${VERSION}\n`)
  const words = leadingWords(argv, PROGRAM_OPTIONS)
  const wantsHelp = argv.includes("--help")
  const under = wantsHelp ? await commandsUnder(words) : []
  if (under.length > 1 && !under.some(({ words: own }) => own.length === words.length)) {
    return session.output.write(overview(under, words))
  }
  const command = await findCommand(words)
  const { operation, feed, program } = command
  const followed = operation === undefined || argv.includes("--follow") ? feed : undefined
  const fields = fieldsOf(command, followed !== undefined)
  const own = optionsFor(command, fields)
  if (wantsHelp) return session.output.write(helpFor(command, fields, own, under))

  const { words: all, values } = readCommandLine(argv, { ...PROGRAM_OPTIONS, ...own })
  const line = { words: all.slice(command.words.length), values }
  const { env } = session.process
  const input = inputFrom(line, fields, env)
  if (operation === undefined && followed === undefined) {
    const { output, notes, process, signal } = session
    const commands = () => commandsUnder([])
    const invocation = { input, line, env, output, notes, process, signal, json: values.has("json"), commands }
    return program?.run(invocation).catch(error => {
      throw named(error, fields)
    })
  }
  const json = values.has("json")
  if (operation?.kind === "read" && values.has("history-only")) {
    return answerFromHistory(operation, input, { line, env, json, ...session }).catch(error => {
      throw named(error, fields)
    })
  }
  const config = readConfig(line, env)
  if (config.ignored && !json) await session.notes.write(`opsdeck: ${ignoredNote(config.ignored)}\n`)
  try {
    if (operation?.kind === "examination") return await runExamination(operation, input, config, { ...session, json })
    await withDeck(config, { ...session, json }, async deck => {
      if (operation?.kind === "change")
        await runChange(deck, operation, input, { ...session, json, yes: values.has("yes") })
      else if (followed !== undefined)
        await printFeed(deck.follow(followed, input, session), followed.item ?? rowSchema(operation), json, session)
      else if (operation !== undefined) {
        const asked = json ? operation : { ...operation, ...operation.forPeople }
        const answer = await deck.run(asked, input, session)
        await printOnce(answer, asked, json, session)
        const caveat = await deck.caveat(operation, answer, session)
        const remark = json ? undefined : operation.remark?.(input, answer)
        const from = json ? undefined : deck.readFrom(operation)?.says
        for (const said of [caveat, remark, from && `read from the ${from}`]) {
          if (said !== undefined) await session.notes.write(`${shown`opsdeck: ${show(said)}`}\n`)
        }
      }
    })
  } catch (error) {
    throw named(error, fields)
  }
}

/** Runs `work` as the configured operator, and closes every connection after it. */
async function withDeck(
  config: Config,
  { json, ...session }: Session & { json: boolean },
  work: (deck: Deck) => Promise<void>,
): Promise<void> {
  const platform = openPlatform(config, commandEnvironment(config))
  try {
    const credentials = await credentialsFor(config, session)
    const operator = await signIn(platform, credentials, { console: false, signal: session.signal })
    const { replica } = platform.environment
    if (replica && !json)
      await session.notes.write(`opsdeck: a replica, ${lagOf(replica)}: signing in is not recorded there\n`)
    await work(new Deck(platform, operator))
  } finally {
    await platform.close()
  }
}

async function printOnce(answer: unknown, operation: Operation, json: boolean, { output, notes }: Session) {
  await printAnswer(operation, answer, json, output)
  const more = nextPage(answer)
  if (more !== undefined && !json) await notes.write(`${shown`opsdeck: more with ${show(more)}`}\n`)
}

/** Renames the field of an error to its spelling on the command line. */
function named(error: unknown, fields: readonly Field[]): unknown {
  if (!(error instanceof DeckError)) return error
  const field = fields.find(({ name }) => name === error.field)
  if (field === undefined) return error
  const { code, message, column, traceId } = error
  return new DeckError(code, `${nameOf(field)}: ${message}`, {
    field: field.name,
    ...(column === undefined ? {} : { column }),
    ...(traceId === undefined ? {} : { traceId }),
    cause: error,
  })
}
