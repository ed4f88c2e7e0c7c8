import type { Choice } from "../../../domain/locale.ts"

/**
 * Returns the choices that contain `typed`, in any case, those that begin with it first; none for empty text and for a
 * choice already complete.
 */
export function completionsOf(typed: string, choices: readonly Choice[]): readonly Choice[] {
  const sought = typed.trim().toLowerCase()
  if (sought === "" || choices.some(choice => choice.value === typed)) return []
  const begins: Choice[] = []
  const contains: Choice[] = []
  for (const choice of choices) {
    const value = choice.value.toLowerCase()
    if (value.startsWith(sought)) begins.push(choice)
    else if (value.includes(sought) || choice.label.toLowerCase().includes(sought)) contains.push(choice)
  }
  return [...begins, ...contains]
}
