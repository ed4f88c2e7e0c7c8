import { useMemo, useRef } from "react"
import type { z } from "zod"
import { asDeckError } from "../../../domain/errors.ts"
import { headOf } from "../../../domain/filter-language.ts"
import { filterOfFields, heldValue, readListFilter, withValue } from "../../../domain/list-filter.ts"
import { type ListTerm, termsOf } from "../../../domain/list-terms.ts"
import type { Binding } from "../../keys/binding.ts"
import { type FieldText, textOf } from "../../keys/text-field.ts"
import type { Piece } from "../../widgets/line.tsx"
import type { ListQuery } from "../destinations.ts"
import { type CompletionAtCursor, completionAt, optionPieces } from "../filter-completion.ts"
import { type FilterMistake, mistakeLines } from "../filter-hint.ts"
import { recallBindings, useRememberedField } from "../remembered-field.ts"
import { useScreenReducer, useShell } from "../shell.ts"

/** The filter of a list, in force or being typed. */
type TableFiltering = ReturnType<typeof useTableFilter>

/** Keeps the filter of a list, at first that of `preset`. It is in force as it is typed, where it is one. */
export function useTableFilter(input: z.ZodObject, preset: ListQuery) {
  const { inputHistory } = useShell()
  const opened = presetText(input, preset)
  const [kept, want] = useScreenReducer(
    "wanted",
    (_: string, next: string) => next,
    () => opened,
  )
  /** Leaves the filter for another one; ↑ in the field recalls it. */
  const leaveFor = (next: string) => {
    inputHistory.add("search", filter)
    want(next)
  }
  const line = useRememberedField("search", undefined, undefined, text => filterMistake(input, text) === undefined)
  const { typing, text: typed } = line
  const mistake = typed === undefined ? undefined : filterMistake(input, typed)
  /** The last text that was a filter: a word that is half typed takes no rows away. */
  const valid = useRef(kept)
  if (typed === undefined) valid.current = kept
  else if (mistake === undefined) valid.current = typed.trim()
  const filter = valid.current
  const wanted = useMemo((): ListQuery => (filter === "" ? {} : { filter }), [filter])
  return {
    filter,
    wanted,
    typing,
    field: line.field,
    recall: line.recall,
    mistake,
    edit: line.edit,
    /** The one value that the filter holds a field to. */
    held: (field: string) => heldValue(input, filter, field),
    /** Whether the filter asks for values of a field. */
    isAsked: (field: string) =>
      readListFilter(input, wanted).conditions.some(condition => condition.field === field && !condition.negated),
    /** Opens the line behind what is in force, ready for another term. */
    editFilter: () => line.open(kept === "" ? "" : `${kept} `),
    takeFilter: () => {
      if (mistake !== undefined) return
      want(filter)
      line.close()
    },
    /** Leaves the field; what was typed can be recalled. */
    dropEdit: line.close,
    setFilter: (field: string, value: string | undefined) => want(withValue(input, filter, field, value)),
    /** Whether the filter is another one than the list was opened with. */
    isFurtherFiltered: filter !== "" && filter !== opened,
    restoreFilter: () => leaveFor(opened),
    clear: () => leaveFor(""),
  }
}

const presetText = (input: z.ZodObject, { filter = "", ...fields }: ListQuery) =>
  [filter, filterOfFields(input, fields)].filter(text => text !== "").join(" ")

/** Returns what is wrong with a filter of a list with this input. */
export function filterMistake(input: z.ZodObject, filter: string): FilterMistake | undefined {
  try {
    readListFilter(input, { filter })
    return undefined
  } catch (thrown) {
    const { message, column } = asDeckError(thrown)
    return { message, column }
  }
}

/** Completes the filter of a list while it is typed, by the choices of its terms and the values in its rows. */
export function completionOfList<Row>(
  { typing, mistake, edit }: Pick<TableFiltering, "typing" | "mistake" | "edit">,
  input: z.ZodObject,
  rows: readonly Row[],
  narrowings: readonly { readonly field: string; name(row: Row): string | null }[],
  columns: number,
) {
  const terms = termsOf(input)
  const seen = ({ field, takes }: ListTerm) => {
    const named = narrowings.find(narrowing => narrowing.field === field)
    const values = rows.map(row => (named ? named.name(row) : (row as Record<string, unknown>)[field]))
    return values
      .filter(value => typeof value === "string")
      .filter(value => takes(value, ":"))
      .toSorted()
  }
  const completion = typing && completionAt(typing.text, terms, seen)
  return {
    canComplete: completion !== undefined && completion.options.length > 0,
    complete: () => edit(field => completionAt(field, terms, seen).completed),
    /** Lines below the filter while it is typed. */
    hint:
      typing === undefined || completion === undefined
        ? []
        : hintLines(terms, typing.text, mistake, completion, columns),
  }
}

/** Draws what may stand at the cursor, else the mistake: a word that can be completed is none yet. */
function hintLines(
  terms: readonly ListTerm[],
  field: FieldText,
  mistake: FilterMistake | undefined,
  { word, options }: CompletionAtCursor,
  columns: number,
): Piece[][] {
  const begin = textOf({ ...field, clusters: field.clusters.slice(0, field.cursor) }).length - word.length
  const isAtCursor = (mistake?.column ?? 0) >= begin
  if (mistake !== undefined && !(options.length > 0 && isAtCursor)) return mistakeLines(field, mistake, columns)
  return [optionPieces(options.length > 0 ? options : terms.flatMap(term => (term.key === "" ? [] : headOf(term))))]
}

type Model = Pick<TableFiltering, "typing" | "recall" | "editFilter" | "takeFilter" | "dropEdit"> &
  Pick<ReturnType<typeof completionOfList>, "canComplete" | "complete">

const isTyping = ({ typing }: Model) => typing !== undefined

/** Keys that filter a list. */
export const filterBindings: readonly Binding<Model>[] = [
  {
    keys: ["/"],
    common: true,
    label: "filter",
    footer: true,
    help: "filter as you type; starts from the current filter",
    run: model => model.editFilter(),
  },
  {
    keys: ["enter"],
    label: "keep",
    footer: true,
    inField: true,
    help: "while the filter is typed: keep it and return to the list",
    possible: isTyping,
    run: model => model.takeFilter(),
  },
  {
    keys: ["tab"],
    label: "complete",
    footer: true,
    inField: true,
    help: "while the filter is typed: complete a name or a value, as far as it is certain",
    possible: model => isTyping(model) && model.canComplete,
    run: model => model.complete(),
  },
  {
    keys: ["esc"],
    label: "back to the previous filter",
    footer: true,
    inField: true,
    help: "while the filter is typed: leave it as it was; ↑ recalls what was typed",
    possible: isTyping,
    run: model => model.dropEdit(),
  },
  ...recallBindings,
]
