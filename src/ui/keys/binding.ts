import type { Chord } from "./chord.ts"

/** `urgent` stands before all others; what is `kept` has its room before others get theirs. */
type InFooter = boolean | "urgent" | "kept"

/**
 * One key, declared once: the router dispatches it, and footer, help, palette and the README's key table print it.
 * `Model` is what the scope it stands in hands to it: a screen's model, or the shell for the global keys.
 */
export interface Binding<Model> {
  readonly keys: readonly [Chord, ...Chord[]]
  /** One or two words, for the footer. */
  readonly label: string
  /** What it does just now, where that is not always the same; in the footer in the label's place. */
  readonly now?: (model: Model) => string | undefined
  /** One sentence, for the help; the label where left out. */
  readonly help?: string
  /** Shown in the footer, as far as there is room, most important first; the rest is in the help. */
  readonly footer?: InFooter
  /** Also heard while a text field has the keyboard. */
  readonly inField?: boolean
  /** May be pressed again before the screen shows what the first press did: moving, for one. */
  readonly repeats?: boolean
  /** Leads to a change: where nothing may be changed it says so, whatever else `possible` answers. */
  readonly changes?: boolean
  /** Opens a field for what is typed next: while it cannot be done, the keys right behind it mean nothing either. */
  readonly opensField?: boolean
  /** True when it can be done now; false when it has no meaning here; a text says why it cannot be done. */
  readonly possible?: (model: Model) => boolean | string
  /** `pressedAt` is when the key came, by `performance.now()`: it may have waited for what keys before it did. */
  readonly run: (model: Model, pressedAt: number) => void
}

export const defineBindings = <Model>(bindings: readonly Binding<Model>[]): readonly Binding<Model>[] => {
  const clash = firstClash(bindings)
  if (clash) throw new Error(`two bindings on ${clash}`)
  return bindings
}

/** The first chord that two bindings of one scope claim in the same circumstances. */
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

/** A binding together with the model it acts on, for those that only want to print it or press it. */
export interface BoundKey {
  /** The label that it always has. */
  readonly name: string
  readonly keys: readonly [Chord, ...Chord[]]
  readonly label: string
  readonly help: string
  readonly footer: InFooter
  readonly inField: boolean
  readonly repeats: boolean
  readonly changes: boolean
  readonly opensField: boolean
  readonly possible: boolean | string
  readonly press: (pressedAt?: number) => void
}

export const bind = <Model>(bindings: readonly Binding<Model>[], model: Model): BoundKey[] =>
  bindings.map(binding => ({
    name: binding.label,
    keys: binding.keys,
    label: binding.now?.(model) ?? binding.label,
    help: binding.help ?? binding.label,
    footer: binding.footer ?? false,
    inField: binding.inField ?? false,
    repeats: binding.repeats ?? false,
    changes: binding.changes ?? false,
    opensField: binding.opensField ?? false,
    possible: binding.possible?.(model) ?? true,
    press: (pressedAt = performance.now()) => binding.run(model, pressedAt),
  }))

/** The same keys where `why` keeps everybody from changing anything; what cannot be done anyhow says its own reason. */
export const withoutChanges = (keys: readonly BoundKey[], why: string): readonly BoundKey[] =>
  keys.map(key => (key.changes && key.possible === true ? { ...key, possible: why } : key))
