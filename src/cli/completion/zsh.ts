import { type Node, type Offer, withValue } from "./node.ts"

/** Completion script for zsh: a file `_opsdeck` in a directory of $fpath, or to be sourced after compinit. */
export const zshCompletion = (nodes: readonly Node[]): string => `#compdef opsdeck
_opsdeck() {
  local typed='' before=$words[CURRENT-1] i
  local -a offers
  for ((i = 2; i < CURRENT; i++)); do
    case $words[i] in
      (${withValue(nodes).join("|")}) ((i++)) ;;
      (-*) ;;
      (*) typed+=" $words[i]" ;;
    esac
  done
  case "$typed " in
${nodes.map(arm).join("\n")}
  esac
}
if [[ $funcstack[1] == _opsdeck ]]; then _opsdeck "$@"; else compdef _opsdeck opsdeck; fi
`

function arm({ words, next, offers }: Node): string {
  const pattern = words.length === 0 ? "' '" : `' ${words.join(" ")} '*`
  return [
    `    (${pattern})`,
    "      case $before in",
    ...offers.filter(({ value }) => value !== "none").map(valueArm),
    "      esac",
    "      if [[ $words[CURRENT] == -* ]]; then",
    `        offers=(${offers.map(({ option, summary }) => described(option, summary)).join(" ")})`,
    "        _describe -o option offers",
    "      else",
    `        offers=(${next.map(([word, summary]) => described(word, summary)).join(" ")})`,
    "        _describe command offers",
    "      fi ;;",
  ].join("\n")
}

function valueArm({ option, value, summary }: Offer): string {
  if (value === "file") return `        (${option}) _files; return ;;`
  if (value === "text") return `        (${option}) _message ${quoted(summary)}; return ;;`
  return `        (${option}) compadd ${(value as readonly string[]).join(" ")}; return ;;`
}

/** A word and its description, in the syntax of _describe. */
const described = (word: string, summary: string) => quoted(`${word}:${summary.replaceAll(":", "\\:")}`)

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
