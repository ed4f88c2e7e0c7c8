import { useMemo } from "react"
import { containing } from "../../../domain/access-log-values.ts"
import { show, shown, width } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { fieldPieces } from "../../widgets/text-field-view.ts"
import { recalling, useRememberedField } from "../remembered-field.ts"
import { useScreenState } from "../shell.ts"
import { type JsonLine, linesWith } from "./json-tree.ts"

/** Model of the text that is searched for in JSON. */
export type JsonFind = ReturnType<typeof useJsonFind>

/** Keeps the text that is searched for in `lines`; `goTo` goes to one of those that have it. */
export function useJsonFind(lines: readonly JsonLine[], goTo: (found: readonly number[], by: 0 | 1 | -1) => void) {
  const line = useRememberedField("find")
  const [text, set] = useScreenState("find", () => "")
  const found = useMemo(() => matchesOf(lines, text), [lines, text])
  return {
    line,
    text,
    found,
    open: () => line.open(text),
    apply: () => {
      const typed = line.text?.trim() ?? ""
      line.close()
      set(() => typed)
      goTo(matchesOf(lines, typed), 0)
    },
    end: () => set(() => ""),
    step: (by: 1 | -1) => goTo(found, by),
  }
}

function matchesOf(lines: readonly JsonLine[], text: string): number[] {
  const has = containing(text)
  return has ? linesWith(lines, has) : []
}

interface Finding {
  readonly find: JsonFind
}

const isTyping = ({ find }: Finding) => find.line.typing !== undefined
const isSearched = ({ find }: Finding) => find.text !== ""
const hasMatch = (model: Finding) => {
  if (!isSearched(model)) return "no text is searched for; f finds one"
  return model.find.found.length > 0 || "nothing here has the text"
}

/** Keys that search in JSON: those that search in the log. */
export const jsonFindBindings: readonly Binding<Finding>[] = [
  {
    keys: ["f", "/"],
    label: "find",
    footer: model => !isSearched(model),
    help: "search for a text, also in what is folded",
    opensField: true,
    run: ({ find }) => find.open(),
  },
  {
    keys: ["n"],
    label: "next match",
    footer: isSearched,
    help: "next line with the text, from the last one the first; opens what hides it",
    possible: hasMatch,
    run: ({ find }) => find.step(1),
  },
  {
    keys: ["N"],
    label: "previous match",
    footer: isSearched,
    help: "previous line with the text, from the first one the last; opens what hides it",
    possible: hasMatch,
    run: ({ find }) => find.step(-1),
  },
  {
    keys: ["enter"],
    label: "search",
    footer: true,
    inField: true,
    help: "while a text is typed: search for it",
    possible: isTyping,
    run: ({ find }) => find.apply(),
  },
  {
    keys: ["esc"],
    label: "cancel",
    now: model => (isTyping(model) ? undefined : "end search"),
    footer: "kept",
    inField: true,
    help: "while a text is typed: leave it; else end the search",
    possible: model => isTyping(model) || isSearched(model),
    run: ({ find }) => (find.line.typing === undefined ? find.end() : find.line.close()),
  },
  ...recalling(({ find }: Finding) => find.line),
]

const LABEL = shown` find `
const TEXT_BYTES = 40

/** Draws the field, or the text that is searched for with the number of lines that have it and which is selected. */
export function findPieces({ line, text, found }: JsonFind, selected: number, columns: number): Piece[] {
  if (line.typing) {
    return [piece(LABEL, "key"), ...fieldPieces(line.typing.text, columns - width(LABEL) - 1, { focused: true })]
  }
  if (text === "") return []
  const at = found.indexOf(selected)
  const of = shown`${at < 0 ? shown`` : shown`${grouped(at + 1)} of `}${grouped(found.length)}`
  const count = found.length === 0 ? piece(shown`  not found`, "look") : piece(shown`  ${of}`, "dim")
  return [piece(LABEL, "key"), piece(show(text, TEXT_BYTES), "strong"), count]
}
