import type { Chord } from "./chord.ts"

/** `urgent` comes before all others; a `kept` key has its room before others get theirs. */
type InFooter = boolean | "urgent" | "kept"

/**
 * One key, declared once: the router dispatches it, and footer, help, palette and the README's key table print it.
 * `Model` is that of its scope: a screen's model, or the shell for the global keys.
 */
export interface Binding<Model> {
  readonly keys: readonly [Chord, ...Chord[]]
  /** One or two words, for the footer. */
  readonly label: string
  /** Present label in the footer, where the effect of the key varies. */
  readonly now?: (model: Model) => string | undefined
  /** One sentence, for the help. Default: the label. */
  readonly help?: string
  /** Shown in the footer, as far as there is room, most important first, at all times or now; the rest is in the help. */
  readonly footer?: InFooter | ((model: Model) => InFooter)
  /** Also works in a text field. */
  readonly inField?: boolean
  /** May be pressed again before the screen shows the first press, as for moving. */
  readonly repeats?: boolean
  /** The same on many screens: the help lists it behind the keys of the screen alone. */
  readonly common?: boolean
  /** Leads to a change: while read-only it gives that as the reason, whatever else `possible` returns. */
  readonly changes?: boolean
  /** Opens a field for what is typed next: while it is impossible, the keys immediately after it are ignored. */
  readonly opensField?: boolean
  /** True when it can be done now; false when it has no meaning here; a text is the reason why it cannot be done. */
  readonly possible?: (model: Model) => boolean | string
  /** `pressedAt` is when the key came, by `performance.now()`: it may have waited for the keys before it. */
  readonly run: (model: Model, pressedAt: number) => void
}

export const defineBindings = <Model>(bindings: readonly Binding<Model>[]): readonly Binding<Model>[] => {
  const clash = firstClash(bindings)
  if (clash) throw new Error(`two bindings on ${clash}`)
  return bindings
}

/** Returns the first chord that two bindings of one scope claim in the same circumstances. */
function firstClash<Model>(bindings: readonly Binding<Model>[]): Chord | undefined {
  const seen = new Set<Chord>()
  for (const binding of bindings) {
    for (const key of binding.keys) {
      const claim = binding.inField ? `field ${key}` : key
      if (seen.has(claim)) return key
      seen.add(claim)
    }
  }
  return undefined
}

type Printed = "keys" | "label" | "help" | "inField" | "repeats" | "common" | "changes" | "opensField"

/** A binding with its model bound, for printing it or pressing it. */
export interface BoundKey extends Required<Pick<Binding<never>, Printed>> {
  /** The label, independent of the state. */
  readonly name: string
  readonly footer: InFooter
  readonly possible: boolean | string
  readonly press: (pressedAt?: number) => void
}

const NOTHING_SPECIAL = {
  inField: false,
  repeats: false,
  common: false,
  changes: false,
  opensField: false,
}

export const bind = <Model>(bindings: readonly Binding<Model>[], model: Model): BoundKey[] =>
  bindings.map(({ now, possible, run, footer = false, ...binding }) => ({
    ...NOTHING_SPECIAL,
    help: binding.label,
    ...binding,
    name: binding.label,
    footer: typeof footer === "function" ? footer(model) : footer,
    label: now?.(model) ?? binding.label,
    possible: possible?.(model) ?? true,
    press: (pressedAt = performance.now()) => run(model, pressedAt),
  }))

/** Binds keys of a screen that is not open, for printing them: they are as in general, and nothing presses them. */
export const bindInGeneral = (bindings: readonly Binding<never>[]): BoundKey[] =>
  bind(
    bindings.map(({ now: _, possible: __, footer: ___, ...binding }) => ({ ...binding, run: () => {} })),
    undefined,
  )

/** Returns the keys with `why` as the reason against every change, unless a key has a reason of its own. */
export const withoutChanges = (keys: readonly BoundKey[], why: string): readonly BoundKey[] =>
  keys.map(key => (key.changes && key.possible === true ? { ...key, possible: why } : key))
