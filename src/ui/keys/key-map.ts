import { didYouMean } from "../../config/command-line.ts"
import type { Declared } from "../../config.ts"
import { DeckError } from "../../domain/errors.ts"
import type { Binding, BoundKey } from "./binding.ts"
import { type Chord, chordOf, isText } from "./chord.ts"

/** Scope of the keys that are the same everywhere. */
export const EVERYWHERE = "everywhere"
/** Any screen with a key of that name. */
const ANY = "*"

type Chords = readonly [Chord, ...Chord[]]
type Scopes = ReadonlyMap<string, readonly Binding<never>[]>

/**
 * The operator's key bindings: chords by the name of a binding, which is the screen's id (or `everywhere`, or `*` for
 * any screen that has it), a dot, and the label, as in `users.suspend`.
 */
export class KeyMap {
  private readonly chords: ReadonlyMap<string, Chords>
  private readonly label: string

  /** Throws DeckError `usage` for an invalid declaration, and for keys that no terminal sends. */
  constructor(declared?: Declared) {
    const { value = {}, label = "" } = declared ?? {}
    this.label = label
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new DeckError("usage", `${label}: expected an object such as {"users.suspend": "ctrl-x"}`)
    }
    this.chords = new Map(Object.entries(value).map(([name, given]) => [name, this.read(name, given)]))
  }

  /** Returns the keys of one scope, each on the operator's own chords. */
  apply(scope: string, keys: readonly BoundKey[]): readonly BoundKey[] {
    if (this.chords.size === 0) return keys
    return keys.map(key => ({ ...key, keys: this.chordsOf(scope, key.name, key.inField) ?? key.keys }))
  }

  /** Returns the key of the tab called `title`: the operator's own, or `declared`. */
  tabKey(title: string, declared: Chord): Chord {
    return this.chordsOf(EVERYWHERE, title)?.[0] ?? declared
  }

  /** Throws DeckError `usage` for an unknown name, and where two bindings of a scope would be on one chord. */
  check(scopes: Scopes): void {
    for (const name of this.chords.keys()) this.checkName(name, scopes)
    for (const [scope, bindings] of scopes) this.checkClashes(scope, bindings)
  }

  /** Keys that also work in a text field must not be text. */
  private chordsOf(scope: string, label: string, inField = false): Chords | undefined {
    const chords = this.chords.get(`${scope}.${label}`) ?? this.chords.get(`${ANY}.${label}`)
    if (!inField) return chords
    const heard = chords?.filter(chord => !isText(chord)) ?? []
    return heard.length > 0 ? (heard as [Chord, ...Chord[]]) : undefined
  }

  private read(name: string, given: unknown): Chords {
    const list: unknown[] = Array.isArray(given) ? given : [given]
    const chords = list.map(key => {
      const chord = typeof key === "string" ? chordOf(key) : undefined
      return chord ?? this.refuse(name, `${typeof key === "string" ? key : "that"} is not a key; ${EXPECTED}`)
    })
    return chords.length > 0 ? (chords as [Chord, ...Chord[]]) : this.refuse(name, EXPECTED)
  }

  private checkName(name: string, scopes: Scopes): void {
    const [, scope = "", label = ""] = /^([^.]*)\.(.*)$/.exec(name) ?? []
    const bindings = scope === ANY ? [...scopes.values()].flat() : scopes.get(scope)
    if (bindings === undefined) {
      this.refuse(name, `no such screen${didYouMean(scope, [...scopes.keys()])}; ${NAMING}`)
    }
    const labels = bindings.map(binding => binding.label)
    if (!labels.includes(label)) this.refuse(name, `no such key${didYouMean(label, labels)}`)
    const onlyTyping = bindings.every(binding => binding.label !== label || binding.inField)
    if (onlyTyping && this.chords.get(name)?.every(isText)) {
      this.refuse(name, "it also works while typing: letters are not possible")
    }
  }

  private checkClashes(scope: string, bindings: readonly Binding<never>[]): void {
    for (const [index, binding] of bindings.entries()) {
      const chords = this.chordsOf(scope, binding.label, binding.inField)
      if (chords === undefined) continue
      const name = `${scope}.${binding.label}`
      for (const [at, other] of bindings.entries()) {
        const taken = this.chordsOf(scope, other.label, other.inField) ?? other.keys
        const both = chords.find(chord => taken.includes(chord))
        if (at === index || (binding.inField ?? false) !== (other.inField ?? false) || both === undefined) continue
        this.refuse(name, `${both === " " ? "space" : both} is the key of "${other.label}" there`)
      }
    }
  }

  private refuse(name: string, problem: string): never {
    throw new DeckError("usage", `${this.label}: ${name}: ${problem}`)
  }
}

const EXPECTED = 'expected a key, or several, such as "x", "ctrl-x", "pagedown", "space"'
const NAMING = "a name is a screen's id, a dot, and the key's label in footer or help, such as users.suspend"
