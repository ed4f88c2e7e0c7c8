import { randomUUID } from "node:crypto"
import { rmSync } from "node:fs"
import { link, open, unlink } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import { homeDirectory } from "../config/paths.ts"
import { DeckError } from "../domain/errors.ts"

/**
 * Writes `text`, piece by piece, to a new file that only its owner may read (mode 0600), and returns its absolute path;
 * `~` at the start of `path` is the home directory. The file appears whole or not at all, and never replaces another.
 * Throws DeckError: an error of the text, as "not written"; else with the field "path", "invalid" for a path that ends
 * like a directory's, "conflict" where there is a file, "unavailable" for other failures to write.
 */
export async function writeNewFile(path: string, text: Iterable<string> | AsyncIterable<string>): Promise<string> {
  if (path.endsWith("/")) {
    throw new DeckError("invalid", `the path is a directory, add a file name: ${path}`, { field: "path" })
  }
  const target = resolve(path.replace(/^~(?=\/|$)/, homeDirectory(process.env)))
  // In the same directory, where the complete file is linked to its name in one step, which fails if the name exists. A
  // letter takes up to three bytes, and a name has 255.
  const unfinished = join(dirname(target), `.${basename(target).slice(0, 50)}.${randomUUID()}`)
  let begun = false
  const leave = () => rmSync(unfinished, { force: true })
  try {
    const file = await open(unfinished, "wx", 0o600)
    begun = true
    process.once("exit", leave)
    try {
      for await (const chunk of inChunks(text)) await file.writeFile(chunk)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(unfinished, target)
    return target
  } catch (error) {
    throw notWritten(error, target)
  } finally {
    process.off("exit", leave)
    if (begun) await unlink(unfinished).catch(() => {})
  }
}

const CHUNK = 64 * 1024

/** Joins pieces: otherwise each line would be a write. */
async function* inChunks(text: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = ""
  for await (const piece of text) {
    chunk += piece
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ""
  }
  yield chunk
}

/** Explanations of the system's error codes. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "disk quota exceeded",
  EFBIG: "file too large",
  EROFS: "read-only file system",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOENT: "no such directory",
  ENOTDIR: "no such directory",
  ENAMETOOLONG: "the name is too long",
}

function notWritten(cause: unknown, target: string): DeckError {
  if (cause instanceof DeckError) {
    const { code, message, traceId } = cause
    return new DeckError(code, `not written, ${message}`, { cause, ...(traceId !== undefined && { traceId }) })
  }
  const { code = "", message } = cause as NodeJS.ErrnoException
  const details = { field: "path", cause }
  if (code === "EEXIST") return new DeckError("conflict", `the file exists, choose another name: ${target}`, details)
  return new DeckError("unavailable", `not written, ${REASONS[code] ?? message}: ${target}`, details)
}
