import type { InspectedRun } from "../../../domain/inspected-run.ts"
import { takesNoChanges } from "../../../domain/replica.ts"
import type { Deck } from "../../../services/deck.ts"
import { type ContentRight, unlockRunContent } from "../../../services/runs/run-content.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Opened } from "../../kit/detail/declaration.ts"
import { askScreen } from "../../kit/dialog/ask.tsx"

/** Runs whose content was unlocked, for as long as the operator is signed in. */
const unlocked = new WeakMap<Deck, Map<string, ContentRight>>()

/** The right to read what users wrote in the run, where it was unlocked. */
export const rightTo = (deck: Deck, runId: string): ContentRight | undefined => unlocked.get(deck)?.get(runId)

/** Unlocks the content of the run, which is recorded, unless it was unlocked before. */
export async function unlock(deck: Deck, runId: string, signal: AbortSignal): Promise<ContentRight> {
  const known = rightTo(deck, runId)
  if (known !== undefined) return known
  const right = await deck.run(unlockRunContent, { run_id: runId }, { signal })
  const runs = unlocked.get(deck) ?? new Map()
  unlocked.set(deck, runs.set(runId, right))
  return right
}

const TEXT =
  "Shown are the messages of the whole thread up to the end of this run, those of earlier runs too, and the prompts, answers, " +
  "arguments and results in the events of this run. That you read them is recorded in the audit log, under your name " +
  "(runs.messages_read), once for this run. They are shown until you leave opsdeck."

/** Key of a run's screen that leads to its messages and, from then on, to the content of its events. */
export const messagesBinding: Binding<Opened<InspectedRun>> = {
  keys: ["M"],
  label: "messages",
  footer: true,
  help: "what was written in the thread up to the end of this run, and the content of its events: after a question, since that you read them is recorded",
  possible: ({ subject: { run_id }, shell: { deck, guard } }) =>
    guard.replica !== undefined && rightTo(deck, run_id) === undefined
      ? `that it is read must be recorded, and ${takesNoChanges(guard.replica)}`
      : true,
  run: ({ subject: { run_id }, shell }) => {
    const open = () => shell.open("runMessages", { run_id })
    if (rightTo(shell.deck, run_id) !== undefined) return open()
    shell.push(askScreen, { title: "What users wrote", text: TEXT, stay: "Back", go: "Show", run: open })
  },
}
