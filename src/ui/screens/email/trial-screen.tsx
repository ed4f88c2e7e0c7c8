import { useEffect } from "react"
import { defineBindings } from "../../keys/binding.ts"
import { defineScreen, type ScreenModel } from "../../kit/screen.ts"
import { Scrolled, type Scrolling, scrollBindings, useScrolling } from "../../kit/scroll.tsx"
import { useScreenRef, useShell } from "../../kit/shell.ts"
import { useStore } from "../../runtime/use-store.ts"
import type { Piece } from "../../widgets/line.tsx"
import { Trial } from "./trial.ts"
import { trialLines } from "./trial-lines.ts"
import { begunTrial } from "./trial-state.ts"

export interface TrialParams {
  readonly to: string
  /** What is typed and not saved, by the fields of `watchEmailTest`; none for what is in force. */
  readonly typed: Readonly<Record<string, unknown>>
}

interface TrialModel extends ScreenModel, Scrolling {
  readonly lines: readonly (readonly Piece[])[]
  /** Whether it is under way, and nobody has ended it. */
  readonly isRunning: boolean
  readonly isOver: boolean
  again(): void
  end(): void
}

/** A test mail on its way: each step as it happens, and at the end what it means. */
export const trialScreen = defineScreen<TrialParams, TrialModel>({
  id: "mail-test",
  title: "Test mail on its way",
  summary: "a test mail, step by step",
  bindings: defineBindings<TrialModel>([
    {
      keys: ["enter", "t"],
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
  ]),
  useModel: ({ to, typed }, size) => {
    const shell = useShell()
    const trial = useScreenRef("trial", () => new Trial()).current
    const now = useStore(shell.clock.times)
    const state = useStore(trial.states) ?? begunTrial(now)
    const input = { ...typed, to }
    useEffect(() => trial.begin(shell.deck, input))

    const isTyped = Object.keys(typed).length > 0
    const lines = trialLines({ to, isTyped, state, now }, size.columns)
    const scrolling = useScrolling(lines.length, size.rows)
    // What came last is what somebody waits for.
    // biome-ignore lint/correctness/useExhaustiveDependencies: only another number of lines moves the screen
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
