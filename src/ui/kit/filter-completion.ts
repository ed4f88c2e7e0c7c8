import { completed, completionsOf } from "../../domain/filter-completion.ts"
import type { TermName } from "../../domain/filter-language.ts"
import { show, shown } from "../../domain/safe-text.ts"
import { type FieldText, fieldText } from "../keys/text-field.ts"
import { type Piece, piece } from "../widgets/line.tsx"
import { FILTER_MARGIN } from "./filter-hint.ts"

/** What may stand in the place of the word before the cursor of a filter that is typed. */
export interface CompletionAtCursor {
  /** The word so far; empty where another begins. */
  readonly word: string
  readonly options: readonly string[]
  /** The field with the word completed, as far as that is certain. */
  readonly completed: FieldText
}

/** Returns the completion at the cursor, by the names of the filter and the values `seen` of each. */
export function completionAt<Name extends TermName>(
  { clusters, cursor }: FieldText,
  names: readonly Name[],
  seen: (name: Name) => readonly string[],
): CompletionAtCursor {
  const before = clusters.slice(0, cursor).join("")
  const completion = completionsOf(before, names, seen)
  const begun = fieldText(completed(before, completion)).clusters
  return {
    word: /\S*$/.exec(before)?.[0] ?? "",
    options: completion.options,
    completed: { clusters: [...begun, ...clusters.slice(cursor)], cursor: begun.length },
  }
}

/** Draws what may stand there. */
export const optionPieces = (options: readonly string[]): Piece[] => [
  piece(shown`${FILTER_MARGIN}${show(options.join(" "))}`, "dim"),
]
