import { readFile } from "node:fs/promises"
import type { z } from "zod"
import { DeckError } from "../../domain/errors.ts"

/** Reads a file of JSON of a history; undefined where there is none. Throws DeckError `unavailable`, also for one that is damaged. */
export async function readState<State>(path: string, schema: z.ZodType<State>): Promise<State | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")))
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === "ENOENT") return undefined
    if (code !== undefined) throw new DeckError("unavailable", `the history cannot be read: ${message}`, { cause })
    throw new DeckError("unavailable", `${path} is damaged, or of another version of opsdeck`, { cause })
  }
}
