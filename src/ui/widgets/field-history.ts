import { type FieldText, fieldText, textOf } from "../keys/text-field.ts"

/** Text field with a history of inputs. */
export interface Recalling {
  readonly text: FieldText
  /** The newest first. */
  readonly past: readonly string[]
  /** Index of the past input in the field; -1 for what is typed. */
  readonly at: number
  /** What was typed, while a past input is in the field. */
  readonly typed: FieldText
}

export const recalling = (text: string, past: readonly string[]): Recalling => {
  const typed = fieldText(text)
  return { text: typed, past: past.filter(other => other !== text), at: -1, typed }
}

/** Applies an edit; the result becomes what is typed. */
export function edited(field: Recalling, change: (text: FieldText) => FieldText): Recalling {
  const text = change(field.text)
  return { ...field, text, at: -1, typed: text }
}

/**
 * Moves to an older (`by` 1) or newer (-1) input, and after the newest to what was typed; returns the field itself at
 * either end.
 */
export function recalled(field: Recalling, by: 1 | -1): Recalling {
  const at = field.at + by
  if (at < -1 || at >= field.past.length) return field
  return { ...field, at, text: at < 0 ? field.typed : fieldText(field.past[at] as string) }
}

export const typedIn = (field: Recalling): string => textOf(field.text)
