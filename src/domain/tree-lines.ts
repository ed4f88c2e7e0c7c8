import type { Shown } from "./safe-text.ts"

/**
 * Returns the branch lines before an account of a tree: `│   ├ `. `lasts` says for the account and every ancestor
 * except the root whether it is the last invitee of its inviter; `step` is the indentation per level, in columns.
 */
export function treeLines(lasts: readonly boolean[], step: number): Shown {
  const indent = (line: string) => line.padEnd(step)
  const above = lasts.slice(0, -1).map(isLast => indent(isLast ? "" : "│"))
  const own = lasts.slice(-1).map(isLast => (isLast ? "└ " : "├ "))
  return [...above, ...own].join("") as Shown
}
