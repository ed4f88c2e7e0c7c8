/** A member of its own of what may be no object at all: a field may be called `constructor`. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

/** The members of an object; what is none stands for itself. */
export function membersOf(value: unknown): [string, unknown][] {
  if (value === null || value === undefined) return []
  return typeof value === "object" ? Object.entries(value) : [["value", value]]
}

/** The names of what was so before or is so after, each once. */
export const changedFields = (before: unknown, after: unknown): string[] => [
  ...new Set([...membersOf(before), ...membersOf(after)].map(([name]) => name)),
]
