import type { z } from "zod"
import { DeckError } from "../../../domain/errors.ts"
import type { ListQuery } from "../destinations.ts"
import type { Argument } from "../screen.ts"
import { hasSearch, type Table } from "./table-model.ts"

/** Returns the values that an optional enum of `schema` can have. */
export function choicesOf(schema: z.ZodObject, field: string): readonly string[] {
  return (schema.shape[field] as z.ZodOptional<z.ZodEnum<Record<string, string>>>).unwrap().options
}

/** Returns the argument of a list: values of its filters, and the rest as its search; none for a list without either. */
export function tableArgument<Input extends z.ZodObject, Row>(
  table: Table<Input, Row>,
): Argument<ListQuery> | undefined {
  const { id, title, operation, filters = [] } = table
  const { input } = operation
  const choices = filters.flatMap(({ field }) => choicesOf(input, field).map(choice => [field, choice] as const))
  const searches = hasSearch(operation)
  if (choices.length === 0 && !searches) return undefined
  return {
    behind: id,
    choices: choices.map(([, choice]) => choice),
    expects: searches ? input.shape.q?.meta()?.label : undefined,
    read: text => {
      const wanted: Record<string, string> = {}
      let rest = ` ${text} `
      for (const [field, choice] of choices) {
        const at = rest.toLowerCase().indexOf(` ${choice} `)
        if (at < 0 || wanted[field] !== undefined) continue
        wanted[field] = choice
        rest = `${rest.slice(0, at)} ${rest.slice(at + choice.length + 2)}`
      }
      const q = rest.trim()
      if (q !== "" && !searches) {
        const all = choices.map(([, choice]) => choice).join(", ")
        throw new DeckError("invalid", `${title} cannot be searched; they are ${all}`)
      }
      return q === "" ? wanted : { ...wanted, q }
    },
  }
}
