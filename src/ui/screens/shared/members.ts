/** Returns an own member of any value: a field may be called `constructor`. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

/** Returns the members of an object; another value is its own member. */
export function membersOf(value: unknown): [string, unknown][] {
  if (value === null || value === undefined) return []
  return typeof value === "object" ? Object.entries(value) : [["value", value]]
}

/** Returns the names of all members before and after, each once. */
export const changedFields = (before: unknown, after: unknown): string[] => [
  ...new Set([...membersOf(before), ...membersOf(after)].map(([name]) => name)),
]
