import { useEffect } from "react"
import { defineScreen, type Size } from "../../kit/screen.ts"
import { Scrolled, scrollBindings, useScrolling } from "../../kit/scroll.tsx"
import { useScreenRef, useShell } from "../../kit/shell.ts"
import { useStore } from "../../runtime/use-store.ts"
import { begunTrial, Trial } from "./trial.ts"
import { trialLines } from "./trial-lines.ts"

export interface TrialParams {
  readonly to: string
  /** Unsaved settings, by the fields of `watchEmailTest`; empty for the settings in force. */
  readonly typed: Readonly<Record<string, unknown>>
}

/** Screen of a test mail: each step as it happens, and the result. */
export const trialScreen = defineScreen({
  id: "mail-test",
  title: "Test mail on its way",
  summary: "a test mail, step by step",
  bindings: [
    {
      keys: ["enter", "T"],
      label: "again",
      changes: true,
      footer: true,
      help: "send another test mail",
      possible: model => model.isOver || "the test is under way",
      run: model => model.again(),
    },
    {
      keys: ["esc"],
      label: "end",
      footer: "kept",
      help: "end the test that is under way",
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

    const isTyped = Object.keys(typed).length > 0
    const lines = trialLines({ to, isTyped, state, now }, size.columns)
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
