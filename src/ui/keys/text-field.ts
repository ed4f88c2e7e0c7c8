import { bind, defineBindings } from "./binding.ts"
import type { FieldTarget } from "./route.ts"

/** Text of a field, as grapheme clusters, and the index of the cluster after the cursor. */
export interface FieldText {
  readonly clusters: readonly string[]
  readonly cursor: number
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" })
const clustersOf = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment)

/** Maximum length of a paste: a field takes one line. */
const LIMIT = 10_000

export const fieldText = (text: string): FieldText => {
  const clusters = clustersOf(text)
  return { clusters, cursor: clusters.length }
}

export const textOf = (field: FieldText): string => field.clusters.join("")

/** Inserts text at the cursor; line ends and tabs of a paste become spaces. */
function insert(field: FieldText, text: string): FieldText {
  const added = clustersOf(text.slice(0, LIMIT).replace(/[\r\n\t]+/g, " "))
  const clusters = [...field.clusters.slice(0, field.cursor), ...added, ...field.clusters.slice(field.cursor)]
  return { clusters: clusters.slice(0, LIMIT), cursor: Math.min(LIMIT, field.cursor + added.length) }
}

const cut = (field: FieldText, from: number, to: number): FieldText => ({
  clusters: [...field.clusters.slice(0, from), ...field.clusters.slice(to)],
  cursor: from,
})

const moveTo = (field: FieldText, cursor: number): FieldText => ({
  ...field,
  cursor: Math.min(Math.max(cursor, 0), field.clusters.length),
})

/** Whether a cluster is of a word, as readline has it: of letters and digits, or of all but spaces. */
type OfWord = (cluster: string | undefined) => boolean
const isWritten: OfWord = cluster => /[\p{L}\p{M}\p{N}]/u.test(cluster ?? "")
const isNoSpace: OfWord = cluster => cluster !== " "

function wordStart({ clusters, cursor }: FieldText, ofWord: OfWord): number {
  let at = cursor
  while (at > 0 && !ofWord(clusters[at - 1])) at--
  while (at > 0 && ofWord(clusters[at - 1])) at--
  return at
}

function wordEnd({ clusters, cursor }: FieldText): number {
  let at = cursor
  while (at < clusters.length && !isWritten(clusters[at])) at++
  while (at < clusters.length && isWritten(clusters[at])) at++
  return at
}

type Edit = (field: FieldText) => FieldText

interface Editing {
  readonly edit: (change: Edit) => void
}

const editing = (change: Edit) => (model: Editing) => model.edit(change)

/** The editing keys of every text field. */
export const fieldBindings = defineBindings<Editing>([
  { keys: ["left", "ctrl-b"], repeats: true, label: "left", run: editing(field => moveTo(field, field.cursor - 1)) },
  { keys: ["right", "ctrl-f"], repeats: true, label: "right", run: editing(field => moveTo(field, field.cursor + 1)) },
  {
    keys: ["alt-b", "ctrl-left", "alt-left"],
    repeats: true,
    label: "a word left",
    run: editing(field => moveTo(field, wordStart(field, isWritten))),
  },
  {
    keys: ["alt-f", "ctrl-right", "alt-right"],
    repeats: true,
    label: "a word right",
    run: editing(field => moveTo(field, wordEnd(field))),
  },
  { keys: ["home", "ctrl-a"], label: "start of line", run: editing(field => moveTo(field, 0)) },
  { keys: ["end", "ctrl-e"], label: "end of line", run: editing(field => moveTo(field, field.clusters.length)) },
  {
    keys: ["backspace", "ctrl-h"],
    repeats: true,
    label: "delete before the cursor",
    run: editing(field => (field.cursor === 0 ? field : cut(field, field.cursor - 1, field.cursor))),
  },
  {
    keys: ["delete", "ctrl-d"],
    repeats: true,
    label: "delete at the cursor",
    run: editing(field => cut(field, field.cursor, field.cursor + 1)),
  },
  { keys: ["ctrl-u"], label: "delete to the start", run: editing(field => cut(field, 0, field.cursor)) },
  {
    keys: ["ctrl-k"],
    label: "delete to the end",
    run: editing(field => cut(field, field.cursor, field.clusters.length)),
  },
  {
    keys: ["ctrl-w"],
    label: "delete the word before",
    run: editing(field => cut(field, wordStart(field, isNoSpace), field.cursor)),
  },
  {
    keys: ["alt-backspace"],
    repeats: true,
    label: "delete back to a word's start",
    run: editing(field => cut(field, wordStart(field, isWritten), field.cursor)),
  },
  {
    keys: ["alt-d", "alt-delete", "ctrl-delete"],
    repeats: true,
    label: "delete to a word's end",
    run: editing(field => cut(field, field.cursor, wordEnd(field))),
  },
])

/** Creates the keyboard target of a field: typed text, pastes and editing keys become changes of its text. */
export const fieldTarget = (edit: (change: Edit) => void): FieldTarget => ({
  insert: text => edit(field => insert(field, text)),
  keys: bind(fieldBindings, { edit }),
})
