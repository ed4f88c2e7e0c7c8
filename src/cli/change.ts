import { DeckError } from "../domain/errors.ts"
import { type Shown, show, shown } from "../domain/safe-text.ts"
import { metaOf } from "../domain/schema.ts"
import type { Deck } from "../services/deck.ts"
import type { Change, Preview, Step } from "../services/operation.ts"
import { isClosedPipe, type Output } from "./output.ts"
import { printAnswer } from "./print.ts"
import type { Prompt } from "./prompt.ts"

export interface ChangeOptions {
  readonly json: boolean
  /** Skips the confirmation. */
  readonly yes: boolean
  readonly output: Output
  readonly notes: Output
  readonly prompt: Prompt
  readonly signal: AbortSignal
  /** Called when the change begins: it is not interrupted any more, so that its operator learns the result. */
  begin(): void
}

/**
 * Makes `change`, after a confirmation where it requires one, and prints its answer. Throws DeckError, with the answer
 * printed, when it did not reach its goal, and "not_in_force" when writes to Redis are owed.
 */
export async function runChange(deck: Deck, change: Change, input: unknown, options: ChangeOptions): Promise<void> {
  const { json, yes, output, notes } = options
  const confirmed = yes ? undefined : await confirm(deck, await deck.preview(change, input, options), options)
  options.begin()
  const progress = json ? undefined : progressOn(notes)
  const {
    answer,
    steps,
    failure,
    warnings = [],
    traceId,
  } = await deck
    .change(change, input, {
      ...(progress && { progress: progress.tell }),
      ...(confirmed !== undefined && { seen: { confirmed } }),
    })
    .finally(() => progress?.end())
  const owed = steps.filter(step => step.owed !== undefined)
  try {
    const lines = json ? undefined : change.lines?.(answer)
    if (lines !== undefined) {
      await notes.write(noteOf(steps))
      await output.write(lines.map(line => `${show(line)}\n`).join(""))
    } else {
      const { shownBy } = change
      if (!json && shownBy !== undefined) {
        const asked = { ...shownBy, ...shownBy.forPeople }
        await printAnswer(asked, await deck.run(asked, {}), json, output)
      } else if (answer !== null && (json || !metaOf(change.answer).detail)) {
        await printAnswer(change, answer, json, output)
      }
      if (!json) await notes.write(noteOf(steps))
    }
    // Who was asked has read them in the preview.
    if (yes && !json) await notes.write(warnings.map(text => `${shown`opsdeck: ${show(text)}`}\n`).join(""))
  } catch (error) {
    // The exit status is set even when the reader of standard output has gone.
    if ((owed.length === 0 && failure === undefined) || !isClosedPipe(error)) throw error
  }
  if (failure !== undefined) throw failure
  if (owed.length > 0) throw notInForce(owed, traceId)
}

/** Shows the progress on a terminal, on a line that is erased afterwards. */
function progressOn(notes: Output) {
  if (!notes.terminal) return undefined
  const ERASE_LINE = "\r\x1b[K"
  return {
    tell: (done: number, all: number) => void notes.write(`${ERASE_LINE}opsdeck: ${done} of ${all}`).catch(() => {}),
    end: () => void notes.write(ERASE_LINE).catch(() => {}),
  }
}

/** Summarizes the steps that were done on one line. Owed steps are part of the error. */
function noteOf(steps: readonly Step[]): string {
  const done = steps.filter(step => step.owed === undefined).map(({ what }) => what)
  const note = steps.length === 0 ? "nothing to change" : done.join(", ")
  return note === "" ? "" : `${shown`opsdeck: ${show(note)}`}\n`
}

/** Each reason is told once. That something is saved is said of what is known to be owed, not of what may be. */
function notInForce(owed: readonly Step[], traceId: string | undefined): DeckError {
  const [unseen, seen] = [owed.filter(step => step.unseen), owed.filter(step => !step.unseen)]
  const told = [
    ...(seen.length === 0 ? [] : [`saved, but not in force yet: ${reasonsOf(seen)}`]),
    ...(unseen.length === 0 ? [] : [`Redis cannot tell whether writes are pending: ${reasonsOf(unseen)}`]),
  ]
  const message = `${told.join("; ")}; once that is fixed, run this again, or opsdeck repair`
  return new DeckError("not_in_force", message, traceId === undefined ? {} : { traceId })
}

const reasonsOf = (owed: readonly Step[]) =>
  [...Map.groupBy(owed, step => step.owed)]
    .map(([reason, steps]) => `${steps.map(({ what }) => what).join(", ")}: ${reason}`)
    .join("; ")

/**
 * Shows the preview and asks; returns the text that was typed to confirm it, where one is needed. Throws DeckError
 * "read_only", "usage" without a terminal, "cancelled" unless yes.
 */
async function confirm(
  deck: Deck,
  preview: Preview,
  { json, notes, prompt, signal }: ChangeOptions,
): Promise<string | undefined> {
  if (!preview.needsConfirmation) return undefined
  const title = shown`${show(preview.title)} on ${show(deck.environment.name)}`
  // A program that reads JSON gets one line on standard error, the refusal.
  if (prompt.answerable || !json) await notes.write(textOf(title, preview))
  deck.refuseReadOnly()
  if (!prompt.answerable) {
    throw new DeckError("usage", "this needs confirmation, and there is no terminal to ask on: use --yes", {
      field: "yes",
    })
  }
  if (!(await isConfirmed(title, preview, prompt, signal))) throw new DeckError("cancelled", "nothing was changed")
  return preview.typed
}

function textOf(title: Shown, { subject, effects }: Preview): string {
  const lines = [...subject.map(line => shown`  ${show(line)}`), ...effects.map(line => shown`  - ${show(line)}`)]
  return `${[title, ...lines].join("\n")}\n`
}

/** Asks for the text to type where the change requires that, else for y. */
async function isConfirmed(title: Shown, { typed }: Preview, prompt: Prompt, signal: AbortSignal): Promise<boolean> {
  const question = typed === undefined ? shown`${title}? [y/N] ` : shown`type ${show(typed)} to confirm: `
  const answer = (await prompt.ask(question, { echo: true }, signal)).trim()
  return typed === undefined ? /^y(es)?$/i.test(answer) : answer === typed
}
