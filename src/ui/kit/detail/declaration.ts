import type { Binding } from "../../keys/binding.ts"
import type { Piece } from "../../widgets/line.tsx"
import type { ContractedThing } from "../export/contract.ts"
import type { Argument, ScreenInfo } from "../screen.ts"
import type { Shell } from "../shell.ts"
import type { Field } from "./detail-fields.ts"
import type { Section, Source } from "./detail-section.ts"

/** Declaration of the screen of one record. */
export interface Detail<Params, Subject> extends ScreenInfo {
  readonly argument?: Argument<Params>
  readonly source: Source<Params, Subject>
  /** Command of the contract that shows the record; without one, copying takes all that was read. */
  readonly command?: ContractedThing<Subject>
  /** Text beside the title: name and state. */
  readonly name: (subject: Subject) => readonly Piece[]
  readonly fields: (subject: Subject) => readonly Field[]
  readonly sections: readonly Section<Subject>[]
  /** Interval of reading it again, in ms, where that is to be sooner than what else is in sight. */
  readonly every?: (subject: Subject) => number | undefined
  /** What is to be told of a change that was read, with the bell where alerts have one: then the sections are read again as well. */
  readonly news?: (before: Subject, now: Subject) => Piece | undefined
  readonly bindings?: readonly Binding<Opened<Subject>>[]
}

/** Model of the screen's own keys, once the record is read. */
export interface Opened<Subject> {
  readonly subject: Subject
  readonly shell: Shell
  /** Reads the record and its sections again. */
  refresh(): void
}
