import type { Binding } from "../keys/binding.ts"
import { useScreenState } from "./shell.ts"

/** Model of rows or lines to move through. */
export interface Moving {
  /** Rows of a page. */
  readonly page: number
  /** Moves by rows, up where negative, limited by the ends. */
  move(by: number): void
}

/** Returns the rows of a page: all visible ones but one. */
export const pageOf = (height: number): number => Math.max(1, height - 1)

type Motion = "down" | "up" | "page down" | "page up" | "top" | "end"

interface MotionKeys extends Pick<Binding<Moving>, "keys" | "repeats"> {
  readonly by: (moving: Moving) => number
}

const MOTIONS: Readonly<Record<Motion, MotionKeys>> = {
  down: { keys: ["j", "down"], repeats: true, by: () => 1 },
  up: { keys: ["k", "up"], repeats: true, by: () => -1 },
  "page down": { keys: ["pagedown", "ctrl-d"], repeats: true, by: ({ page }) => page },
  "page up": { keys: ["pageup", "ctrl-u"], repeats: true, by: ({ page }) => -page },
  top: { keys: ["g", "home"], by: () => Number.NEGATIVE_INFINITY },
  end: { keys: ["G", "end"], by: () => Number.POSITIVE_INFINITY },
}

/** Motions of a screen, each with what differs from the default. */
type Motions<Model> = Readonly<Partial<Record<Motion, Partial<Binding<Model>>>>>

/** Returns the keys of motions; `of` returns what they move, by default the model. */
export function moving<Model extends Moving>(motions: Motions<Model>): Binding<Model>[]
export function moving<Model>(motions: Motions<Model>, of: (model: Model) => Moving): Binding<Model>[]
export function moving<Model>(motions: Motions<Model>, of = (model: Model) => model as Moving): Binding<Model>[] {
  return Object.entries(motions).map(([motion, own]) => {
    const { by, ...common } = MOTIONS[motion as Motion]
    return { label: motion, common: true, ...common, run: model => of(model).move(by(of(model))), ...own }
  })
}

/** All motions by default. */
export const EVERY_MOTION = { down: {}, up: {}, "page down": {}, "page up": {}, top: {}, end: {} } as const

/** Keys that choose among a few things. */
export const choosing: readonly Binding<Moving>[] = moving({
  down: { footer: true },
  up: { footer: true },
  top: { label: "first" },
  end: { label: "last" },
})

/** Keeps the index of a choice among `length`, also while other screens are on top; a page is all of them. */
export function useChoosing(length: number, initial = 0) {
  const last = Math.max(0, length - 1)
  const within = (at: number) => Math.min(Math.max(0, at), last)
  const [kept, change] = useScreenState("chosen", () => initial)
  return {
    /** Index of the choice, from 0. */
    at: within(kept),
    page: pageOf(length),
    move: (by: number) => change(at => within(within(at) + by)),
    choose: (at: number) => change(() => at),
  }
}
