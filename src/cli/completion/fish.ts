import { type Node, type Offer, withValue } from "./node.ts"

/** Completion script for fish: a file `opsdeck.fish` among its completions, or to be sourced. */
export const fishCompletion = (nodes: readonly Node[]): string => `# fish completion for opsdeck
function __opsdeck_at
    set -l typed
    set -l skip no
    for word in (commandline -opc)[2..]
        if test $skip = yes
            set skip no
        else if contains -- $word ${withValue(nodes).join(" ")}
            set skip yes
        else if not string match -q -- '-*' $word
            set -a typed $word
        end
    end
    set -l count (count $argv)
    if test $count -eq 0
        test (count $typed) -eq 0
    else if test (count $typed) -ge $count
        test "$typed[1..$count]" = "$argv"
    else
        false
    end
end
complete -c opsdeck -f
${nodes.flatMap(lines).join("\n")}
`

function lines({ words, next, offers }: Node): string[] {
  const at = `complete -c opsdeck -n '__opsdeck_at ${words.join(" ")}'`
  return [
    ...next.map(([word, summary]) => `${at} -a ${word}${description(summary)}`),
    ...offers.map(offer => `${at} -l ${offer.option.slice(2)}${valueFor(offer)}${description(offer.summary)}`),
  ]
}

function valueFor({ value }: Offer): string {
  if (value === "none") return ""
  if (value === "file") return " -r -F"
  return value === "text" ? " -x" : ` -x -a '${value.join(" ")}'`
}

const description = (summary: string) => (summary === "" ? "" : ` -d '${summary.replaceAll("'", "\\'")}'`)
