import type { Shown } from "./safe-text.ts"

/**
 * What stands before an account of a tree: `│   ├ `. `lasts` says of it and of everybody above it, but for the root,
 * whether they are the last of their inviter's; `step` is how many columns deeper each of them stands.
 */
export function treeLines(lasts: readonly boolean[], step: number): Shown {
  const indent = (line: string) => line.padEnd(step)
  const above = lasts.slice(0, -1).map(isLast => indent(isLast ? "" : "│"))
  const own = lasts.slice(-1).map(isLast => (isLast ? "└ " : "├ "))
  return [...above, ...own].join("") as Shown
}
