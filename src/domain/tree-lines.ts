import type { Shown } from "./safe-text.ts"

/** Branch lines of an account, `│   ├ `: `lasts` says who of it and its ancestors below the root came last. */
export function treeLines(lasts: readonly boolean[], step: number): Shown {
  const indent = (line: string) => line.padEnd(step)
  const above = lasts.slice(0, -1).map(isLast => indent(isLast ? "" : "│"))
  const own = lasts.slice(-1).map(isLast => (isLast ? "└ " : "├ "))
  return [...above, ...own].join("") as Shown
}
