import { type FieldText, fieldText, textOf } from "../keys/text-field.ts"

/** Text field with a history of inputs. */
export interface HistoryField {
  readonly text: FieldText
  /** The newest first. */
  readonly past: readonly string[]
  /** Index of the past input in the field; -1 for what is typed. */
  readonly at: number
  /** What was typed, while a past input is in the field. */
  readonly typed: FieldText
}

export const historyField = (text: string, past: readonly string[]): HistoryField => {
  const typed = fieldText(text)
  return { text: typed, past: past.filter(other => other !== text), at: -1, typed }
}

/** Applies an edit; the result becomes what is typed. */
export function edited(field: HistoryField, change: (text: FieldText) => FieldText): HistoryField {
  const text = change(field.text)
  return { ...field, text, at: -1, typed: text }
}

/**
 * Moves to an older (`by` 1) or newer (-1) input, and after the newest to what was typed; returns the field itself at
 * either end.
 */
export function movedInHistory(field: HistoryField, by: 1 | -1): HistoryField {
  const at = field.at + by
  if (at < -1 || at >= field.past.length) return field
  return { ...field, at, text: at < 0 ? field.typed : fieldText(field.past[at] as string) }
}

export const typedIn = (field: HistoryField): string => textOf(field.text)
