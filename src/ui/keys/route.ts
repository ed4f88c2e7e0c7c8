import type { BoundKey } from "./binding.ts"
import { type Chord, chordLabel, isText } from "./chord.ts"

/** A text field that has the keyboard. */
export interface FieldTarget {
  /** Inserts typed or pasted text. */
  insert(text: string): void
  /** The editing keys: arrows, Home, Ctrl-W and so on. */
  readonly keys: readonly BoundKey[]
}

export interface Scopes {
  /** From the innermost outwards: overlay or screen, then the global keys. */
  readonly bound: readonly (readonly BoundKey[])[]
  readonly field?: FieldTarget | undefined
  /** Selects what is in a row of the terminal, from 0. */
  readonly click?: ((row: number) => void) | undefined
  /** Time from which on the innermost scope and the field hear keys, by `performance.now()`; always where left out. */
  readonly hearsSince?: number | undefined
}

export type Routed =
  | { readonly kind: "press"; readonly key: BoundKey }
  /** `meantForField`: text typed immediately after it was meant for a field that did not open. */
  | { readonly kind: "refused"; readonly reason: string; readonly meantForField: boolean }
  | { readonly kind: "insert"; readonly text: string }
  | { readonly kind: "nothing" }

/** Returns the scopes that hear what came `at` a time. */
export function heardBy(scopes: Scopes, at: number): Scopes & { readonly isEarly: boolean } {
  const isEarly = at <= (scopes.hearsSince ?? Number.NEGATIVE_INFINITY)
  return isEarly ? { bound: scopes.bound.slice(1), isEarly } : { ...scopes, isEarly }
}

/** Whether a key was pressed with Alt: over a link that stalled it may have been Esc, and another after it. */
export const isAlt = (chord: Chord): boolean => chord.startsWith("alt-")

/**
 * Finds the handler of a chord: the first match consumes it. In a text field only its own keys and those marked
 * `inField` match.
 */
export function route(chord: Chord, { bound, field }: Scopes): Routed {
  const candidates = field ? [bound.flat().filter(key => key.inField), field.keys] : bound
  let refused: Routed | undefined
  for (const keys of candidates) {
    for (const key of keys) {
      if (!key.keys.includes(chord) || key.possible === false) continue
      if (key.possible === true) return { kind: "press", key }
      refused ??= { kind: "refused", reason: `${key.label}: ${key.possible}`, meantForField: key.opensField }
    }
  }
  if (refused !== undefined) return refused
  if (field && isText(chord)) return { kind: "insert", text: chord }
  if (isAlt(chord)) {
    return {
      kind: "refused",
      reason: `${chordLabel(chord)} does nothing here; what came with it is ignored`,
      meantForField: false,
    }
  }
  return { kind: "nothing" }
}
