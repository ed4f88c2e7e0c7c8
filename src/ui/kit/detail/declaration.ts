import type { DeckError } from "../../../domain/errors.ts"
import type { Chord } from "../../keys/chord.ts"
import type { Piece } from "../../widgets/line.tsx"
import type { Argument } from "../argument.ts"
import type { ContractedThing } from "../export/contract.ts"
import type { Field } from "./detail-fields.ts"
import type { Section, Source } from "./detail-section.ts"

/** One thing, declared once: what it is read from, what it is called, its fields and its sections. */
export interface Detail<Params, Subject> {
  readonly id: string
  readonly title: string
  /** The key of its tab, where there is but one such thing. */
  readonly tabKey?: Chord
  /** One sentence for help and palette. */
  readonly summary: string
  readonly argument?: Argument<Params>
  readonly source: Source<Params, Subject>
  /** The command of the contract that shows it; where there is none, what is copied is all that was read. */
  readonly command?: ContractedThing<Subject>
  /** What stands beside the title: a name, a state. */
  readonly name: (subject: Subject) => readonly Piece[]
  readonly fields: (subject: Subject) => readonly Field[]
  readonly sections: readonly Section<Subject>[]
}

/** How one reading stands. `value` may be older than the failure beside it. */
export interface ReadState<Value = unknown> {
  readonly value: Value | undefined
  /** When it was read, ms since the epoch; null before it was, or where it is part of the subject. */
  readonly asOf: number | null
  readonly reading: boolean
  readonly failure: DeckError | undefined
}
