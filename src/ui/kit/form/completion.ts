import type { Choice } from "../../../domain/locale.ts"

/**
 * The choices that `typed` may be the beginning of, or a part of, in any case; those whose value begins with it first.
 * None for nothing typed, nor for what is a choice already.
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
