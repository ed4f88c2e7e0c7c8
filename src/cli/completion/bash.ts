import { type Node, type Offer, withValue } from "./node.ts"

/** Completion script for bash 3.2 and later, to be sourced. No word of opsdeck needs quoting. */
export const bashCompletion = (nodes: readonly Node[]): string => `# bash completion for opsdeck
_opsdeck() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${withValue(nodes).join("|")}) ((i++)) ;;
      -*) ;;
      *) words+=" \${COMP_WORDS[i]}" ;;
    esac
  done
  local offers='' values='' files=''
  case "$words " in
${nodes.map(arm).join("\n")}
  esac
  if [[ $files ]]; then COMPREPLY=($(compgen -f -- "$current"))
  else COMPREPLY=($(compgen -W "\${values:-$offers}" -- "$current")); fi
}
complete -F _opsdeck opsdeck
`

function arm({ words, next, offers }: Node): string {
  const pattern = words.length === 0 ? '" "' : `" ${words.join(" ")} "*`
  const options = offers.map(({ option }) => option).join(" ")
  return [
    `    ${pattern})`,
    `      offers='${next.map(([word]) => word).join(" ")}'`,
    `      [[ $current == -* ]] && offers='${options}'`,
    "      case $before in",
    ...offers.filter(({ value }) => value !== "none").map(valueArm),
    "      esac ;;",
  ].join("\n")
}

function valueArm({ option, value }: Offer): string {
  if (value === "file") return `        ${option}) files=yes ;;`
  return `        ${option}) values='${value === "text" ? " " : (value as readonly string[]).join(" ")}' ;;`
}
