import { type FieldText, fieldText, textOf } from "../keys/text-field.ts"

/** A text field, and what it was given before at hand. */
export interface Recalling {
  readonly text: FieldText
  /** The newest first. */
  readonly past: readonly string[]
  /** Which of them stands in the field; -1 for what is typed. */
  readonly at: number
  /** What is typed, while something older stands in the field. */
  readonly typed: FieldText
}

export const recalling = (text: string, past: readonly string[]): Recalling => {
  const typed = fieldText(text)
  return { text: typed, past: past.filter(other => other !== text), at: -1, typed }
}

/** Whatever stands there now is what is typed. */
export function edited(field: Recalling, change: (text: FieldText) => FieldText): Recalling {
  const text = change(field.text)
  return { ...field, text, at: -1, typed: text }
}

/** What was given before this (`by` 1) or after (-1), and after the newest what is typed; the field itself where there is no more. */
export function recalled(field: Recalling, by: 1 | -1): Recalling {
  const at = field.at + by
  if (at < -1 || at >= field.past.length) return field
  return { ...field, at, text: at < 0 ? field.typed : fieldText(field.past[at] as string) }
}

export const typedIn = (field: Recalling): string => textOf(field.text)
