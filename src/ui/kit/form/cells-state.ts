import { isDeepStrictEqual } from "node:util"
import type { z } from "zod"
import { type FieldText, fieldText, textOf } from "../../keys/text-field.ts"
import { changedFields, type Draft, type DraftAction, draftReducer, initialDraft, type Values } from "./draft-state.ts"
import { type FormField, respelled, valueIn } from "./form-field.ts"
import { focusedField } from "./form-state.ts"

/**
 * Draft beside its record, with a cell for each field and each line of a list. One cell is typed in at a time;
 * untouched cells follow the record.
 */
export interface Cells extends Draft {
  readonly typing: Typing | undefined
}

interface Typing {
  readonly text: FieldText
  /** State before the typing. */
  readonly before: Cells
}

/** Position of the cursor: a field, a line of a list or, without a line, the place to add one. */
export interface Stop {
  readonly name: string
  readonly line?: number
}

export type CellsAction =
  | DraftAction
  | { readonly type: "move"; readonly by: number }
  /** Starts typing in the cell at the cursor, or in a new line. */
  | { readonly type: "type" }
  /** Ends the typing, with or without its result. */
  | { readonly type: "take" }
  | { readonly type: "undo" }
  /** Removes the line at the cursor from its list. */
  | { readonly type: "remove" }
  /** Discards all changes, or has saved them. */
  | { readonly type: "drop" }

/** Makes the cells of a record that is not read yet, with the cursor at `focus`. */
export function initialCells(schema: z.ZodObject, names: readonly string[], record: Values, focus: string): Cells {
  const draft = initialDraft(schema, names, record, {})
  return { ...draft, form: { ...draft.form, focus }, typing: undefined }
}

export function cellsReducer(state: Cells, action: CellsAction): Cells {
  switch (action.type) {
    case "move":
      return moved(taken(state), action.by)
    case "go":
    case "refuse":
      return within(taken(state), action)
    case "turn":
      return settled(within(touched(state, state.form.focus), action))
    case "set":
      return filled(state, action.name, action.value)
    case "type":
      return begun(taken(state))
    case "edit":
      return edited(state, action.change)
    case "take":
      return taken(state)
    case "undo":
      return state.typing?.before ?? state
    case "remove":
      return removed(state)
    case "drop":
      return at({ ...settled({ ...state, typing: undefined }, []), reason: "" }, undefined)
    case "resolve":
      return settled(within(state, action))
    default:
      return within(state, action)
  }
}

/** Returns the positions of the cursor, from top to bottom. */
export const stopsOf = ({ form }: Draft): Stop[] =>
  form.fields.flatMap(field =>
    field.kind === "list"
      ? [...Array.from(field.value.keys(), line => ({ name: field.name, line })), { name: field.name }]
      : [{ name: field.name }],
  )

/** Returns the position of the cursor; the list may have become shorter. */
export function cursorOf({ form }: Draft): Stop {
  const { focus: name, line } = form
  const field = focusedField(form)
  return line !== undefined && field?.kind === "list" && line < field.value.length ? { name, line } : { name }
}

/** Tells whether the record has changed below a changed field. */
export const isOvertaken = ({ seen, record }: Draft, field: FormField): boolean =>
  field.name in seen && !isDeepStrictEqual(seen[field.name], record[field.name])

const within = (state: Cells, action: DraftAction): Cells => ({ ...state, ...draftReducer(state, action) })

const at = (state: Cells, line: number | undefined): Cells => ({ ...state, form: { ...state.form, line } })

/** Records the value that is typed over. */
const touched = (state: Cells, name: string): Cells => ({
  ...state,
  seen: { [name]: state.record[name], ...state.seen },
})

/** Forgets the seen values of fields that equal the record again: they follow it. */
function settled(state: Cells, changed: readonly FormField[] = changedFields(state)): Cells {
  const names = new Set(changed.map(({ name }) => name))
  const back = Object.keys(state.seen).filter(name => !names.has(name))
  const seen = Object.fromEntries(Object.entries(state.seen).filter(([name]) => names.has(name)))
  return back.reduce<Cells>((all, name) => within(all, { type: "set", name, value: state.record[name] }), {
    ...state,
    seen,
  })
}

const put = (state: Cells, name: string, value: unknown): Cells =>
  within(touched(state, name), { type: "set", name, value, typed: true })

const filled = (state: Cells, name: string, value: unknown): Cells => settled(put(state, name, value))

function moved(state: Cells, by: number): Cells {
  const stops = stopsOf(state)
  const { name, line } = cursorOf(state)
  const here = stops.findIndex(stop => stop.name === name && stop.line === line)
  const to = stops[Math.min(Math.max(0, here + by), stops.length - 1)] as Stop
  return within(state, { type: "go", to: to.name, line: to.line })
}

/** Returns the list at the cursor and its selected line, if there is a list. */
function listAt(state: Cells) {
  const field = focusedField(state.form)
  return field?.kind === "list" ? { lines: field.value, line: cursorOf(state).line } : undefined
}

function begun(state: Cells): Cells {
  const { focus } = state.form
  const list = listAt(state)
  if (list) {
    const { lines, line = lines.length } = list
    const typing = { text: fieldText(lines[line] ?? ""), before: at(state, list.line) }
    return at({ ...put(state, focus, line < lines.length ? lines : [...lines, ""]), typing }, line)
  }
  const field = focusedField(state.form)
  if (field?.kind !== "text") return state
  return { ...touched(state, focus), typing: { text: fieldText(textOf(field.text)), before: state } }
}

/** Puts the typed text into the draft at once, so that it is checked. */
function edited(state: Cells, change: (text: FieldText) => FieldText): Cells {
  const { typing, form } = state
  if (typing === undefined) return state
  const text = change(typing.text)
  const list = listAt(state)
  const value = list ? list.lines.with(form.line as number, textOf(text)) : textOf(text)
  return { ...put(state, form.focus, value), typing: { ...typing, text } }
}

/** Ends the typing. A line may hold several values, so that lists can be pasted; an empty line is removed. */
function taken(state: Cells): Cells {
  if (state.typing === undefined) return state
  const { form, typing } = state
  const ended = { ...state, typing: undefined }
  const typed = textOf(typing.text)
  const list = listAt(state)
  if (list === undefined) {
    const field = focusedField(form) as FormField
    return filled(ended, form.focus, respelled(field, typed.trim()))
  }
  const values = typed.split(/[\s,]+/).filter(value => value !== "")
  const isNew = typing.before.form.line === undefined
  return at(
    filled(ended, form.focus, list.lines.toSpliced(form.line as number, 1, ...values)),
    isNew || values.length === 0 ? undefined : form.line,
  )
}

function removed(state: Cells): Cells {
  const list = listAt(state)
  if (list?.line === undefined) return state
  return filled(state, state.form.focus, list.lines.toSpliced(list.line, 1))
}

/** Tells whether this value of this field is the only change. */
export function isOnly(state: Draft, name: string, value: unknown): boolean {
  const [field, ...others] = changedFields(state)
  return field?.name === name && others.length === 0 && valueIn(field) === value
}
