import { z } from "zod"
import { DeckError } from "../domain/errors.ts"
import { didYouMean } from "./command-line.ts"
import { readText, requirePrivate } from "./secret-file.ts"

export interface Profile {
  readonly name: string
  /** As the file has it, unchecked. */
  readonly settings: Readonly<Record<string, unknown>>
}

const fileSchema = z.strictObject({
  profiles: z.record(z.string(), z.record(z.string(), z.unknown())),
  defaultProfile: z.string().optional(),
})

/**
 * The profile called `name`, or the file's default one; undefined when neither asks for one. A file that holds a
 * secret and that others can read is refused, whichever profile is asked for.
 */
export function readProfile(path: string, name: string | undefined): Profile | undefined {
  const text = readText(path, path)
  if (text === undefined) {
    if (name === undefined) return undefined
    throw new DeckError("usage", `--profile ${name}: there is no configuration file ${path}`)
  }
  const file = parse(text, path)
  if (Object.values(file.profiles).some(holdsSecret)) requirePrivate(path, "configuration")
  const chosen = name ?? file.defaultProfile
  if (chosen === undefined) return undefined
  const settings = Object.hasOwn(file.profiles, chosen) ? file.profiles[chosen] : undefined
  if (settings === undefined) {
    const where = name === undefined ? `defaultProfile in ${path}` : "--profile"
    throw new DeckError("usage", `${where}: no profile ${chosen}${didYouMean(chosen, Object.keys(file.profiles))}`)
  }
  return { name: chosen, settings }
}

function parse(text: string, path: string): z.infer<typeof fileSchema> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, secrets included.
    throw new DeckError("usage", `${path}: this is no valid JSON`)
  }
  const parsed = fileSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const { path: at, message } = parsed.error.issues[0] as z.core.$ZodIssue
  throw new DeckError("usage", `${path}: ${at.length > 0 ? `${at.join(".")}: ` : ""}${message}`)
}

const holdsSecret = (settings: Readonly<Record<string, unknown>>) =>
  Object.entries(settings).some(
    ([name, value]) =>
      name === "apiKey" ||
      name === "password" ||
      (typeof value === "string" && /:\/\/[^@]*:[^@]+@|[?&]password=/.test(value)),
  )
