/** Names that a sentence lists at most. */
export const FEW = 5

/** Lists the first few: `a, b, c, d, e and 3 more`; `count` is the number of all, where `names` are not. */
export function fewNames(names: readonly string[], count = names.length): string {
  const listed = names.slice(0, FEW)
  const more = count - listed.length
  return `${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}`
}
