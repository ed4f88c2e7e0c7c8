import { useEffect } from "react"
import { MAIL_STEPS, type MailResult, type MailStep, type MailStepName } from "../../../domain/mail-step.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { TrialResult } from "../../../services/email/email.ts"
import { failureLines } from "../../kit/failure-lines.ts"
import { defineScreen, type Size } from "../../kit/screen.ts"
import { Scrolled, scrollBindings, useScrolling } from "../../kit/scroll.tsx"
import { useScreenRef, useShell } from "../../kit/shell.ts"
import { useStore } from "../../runtime/use-store.ts"
import { age, duration } from "../../widgets/format.ts"
import { blank, filled, type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { paragraph } from "../../widgets/wrap.ts"
import { begunTrial, Trial, type TrialState } from "./trial.ts"

export interface TrialParams {
  readonly to: string
  /** Unsaved settings, by the fields of `watchEmailTest`; empty for the settings in force. */
  readonly typed: Readonly<Record<string, unknown>>
}

/** Screen of a test mail: each step as it happens, and the result. */
export const trialScreen = defineScreen({
  id: "mail-test",
  title: "Sending a test mail",
  summary: "a test mail, step by step",
  bindings: [
    {
      keys: ["enter", "T"],
      label: "again",
      changes: true,
      footer: true,
      help: "send another test mail",
      possible: model => model.isOver || "the test is running",
      run: model => model.again(),
    },
    {
      keys: ["esc"],
      label: "end",
      footer: "kept",
      help: "cancel the running test",
      possible: model => model.isRunning,
      run: model => model.end(),
    },
    ...scrollBindings,
  ],
  useModel: ({ to, typed }: TrialParams, size: Size) => {
    const shell = useShell()
    const trial = useScreenRef("trial", () => new Trial()).current
    const now = useStore(shell.clock.times)
    const state = useStore(trial.states) ?? begunTrial(now)
    const input = { ...typed, to }
    useEffect(() => trial.begin(shell.deck, input))

    const lines = trialLines({ to, typed }, state, now, size.columns)
    const scrolling = useScrolling(lines.length, size.rows)
    // biome-ignore lint/correctness/useExhaustiveDependencies: new lines scroll to the end
    useEffect(() => scrolling.move(Number.POSITIVE_INFINITY), [lines.length])
    return {
      ...scrolling,
      lines,
      isRunning: state.phase === "running",
      isOver: state.phase === "over",
      again: () => void trial.send(shell.deck, input),
      end: () => trial.end(),
    }
  },
  Body: ({ model, size }) => <Scrolled lines={model.lines} top={model.top} size={size} />,
})

const MARGIN = shown`   `
/** Columns of a step's name and time; most columns of a sentence. */
const NAME = 11
const TIME = 7
const SENTENCE = 100

/** Draws each step with its duration, and the result; `now` in ms since the epoch. */
function trialLines({ to, typed }: TrialParams, state: TrialState, now: number, columns: number): Piece[][] {
  const { steps, waiting, since, phase, outcome, failure } = state
  const room = Math.min(columns, SENTENCE) - 2 * width(MARGIN)
  const end = outcome ? outcomeLines(outcome, room) : []
  const trouble = failure ? failureLines(failure, room, shown`Enter tries again.`) : []
  return [
    ...titleLines(to, Object.keys(typed).length > 0, columns),
    [],
    ...steps.flatMap(step => stepLines(step, columns)),
    ...(waiting ? [waitingLine(waiting, phase === "ending", now - since, columns)] : []),
    ...[...end, ...trouble].map(pieces => [piece(MARGIN), ...pieces]),
  ]
}

function titleLines(to: string, isTyped: boolean, columns: number): Piece[][] {
  const title = [piece(shown` Test mail to `, "dim"), piece(show(to), "strong")]
  const how = isTyped ? piece(shown`with what is typed (not saved) `, "look") : piece(shown`as it is in force `, "dim")
  const isShort = piecesWidth(title) + width(how[0]) < columns
  return isShort ? [spread(title, [how], columns)] : [title, [piece(shown` `), how]]
}

/** Draws a step with the server's whole response: behind what was reached where that fits, or below it. */
function stepLines({ name, done, duration_ms, detail, response }: MailStep, columns: number): Piece[][] {
  const head = [piece(MARGIN), done ? piece(shown`✓ `, "good") : piece(shown`✗ `, "act"), nameOf(name)]
  const time = timePiece(duration(duration_ms))
  const room = columns - piecesWidth(head) - piecesWidth([time])
  const parts = [piece(show(detail)), piece(show(response), done ? "dim" : "plain")].filter(([text]) => text !== "")
  const line = parts.flatMap((part, at) => (at === 0 ? [part] : [piece(shown`  `), part]))
  const fits = piecesWidth(line) < room
  const [first = [], ...others] = fits ? [line] : parts.flatMap(([text, tone]) => paragraph(text, room - 1, tone))
  const indent = piece(blank(piecesWidth(head)))
  return [[...head, ...filled(first, room), time], ...others.map(pieces => [indent, ...pieces])]
}

function waitingLine(name: MailStepName, isEnding: boolean, elapsedMs: number, columns: number): Piece[] {
  const head = [piece(MARGIN), piece(shown`… `, "key"), nameOf(name, "key")]
  const time = elapsedMs < 1000 ? shown`` : age(elapsedMs)
  return spread([...head, piece(isEnding ? shown`ending…` : shown``, "dim")], [timePiece(time)], columns)
}

const nameOf = (name: MailStepName, tone: Tone = "plain") => piece(fit(show(MAIL_STEPS[name]), NAME), tone)
const timePiece = (time: Shown) => piece(shown`${fit(time, TIME, "right")} `, "dim")

const TONES: Readonly<Record<MailResult, Tone>> = {
  accepted: "good",
  refused: "act",
  failed: "act",
  unknown: "look",
  ended: "look",
}

function outcomeLines({ findings, ...outcome }: TrialResult, columns: number): Piece[][] {
  const { result, explanation, via, tls, duration_ms } = outcome
  const through = via === "settings" ? shown`` : shown`through the provider ${show(via)}, `
  const line = tls ? shown`encrypted` : shown`not encrypted`
  return [
    ...paragraph(show(explanation), columns, TONES[result]),
    [piece(shown`${through}${line}, ${duration(duration_ms)} in all`, "dim")],
    ...findings.flatMap(({ says, remedy }) => [
      [],
      ...paragraph(shown`▲ ${show(says)}`, columns, "look"),
      ...paragraph(shown`  ${show(remedy)}`, columns, "dim"),
    ]),
  ]
}
