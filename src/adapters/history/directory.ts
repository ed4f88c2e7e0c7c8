import { chmod, chown, mkdir, readFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { z } from "zod"
import { DeckError } from "../../domain/errors.ts"
import { replaceFile } from "./durable-file.ts"
import { type LogOwner, refuseForeign } from "./log-owner.ts"
import { readState } from "./state-file.ts"

const identity = z.object({
  format: z.literal(1),
  gateway: z.string(),
  stream: z.string(),
  redis: z.string(),
}) satisfies z.ZodType<LogOwner>

/** Modes of the history: its owner's alone, or readable by a group. */
export interface Modes {
  readonly directory: number
  readonly file: number
  readonly groupId?: number
}

const OWN: Modes = { directory: 0o700, file: 0o600 }
// Whatever is made in the directory belongs to the group as well.
const READ: Modes = { directory: 0o2750, file: 0o640 }
/** Modes of what the group writes together. */
export const WRITTEN: Modes = { directory: 0o2770, file: 0o660 }

/**
 * Returns the modes of a history that `group` may read, or of what is `shared` otherwise. Throws DeckError `usage` for a group
 * that does not exist.
 */
export async function modesFor(group: string | undefined, shared = READ): Promise<Modes> {
  if (group === undefined) return OWN
  const lines = (await readFile("/etc/group", "utf8").catch(() => "")).split("\n")
  const id = lines.map(line => line.split(":")).find(([name]) => name === group)?.[2]
  if (id === undefined) throw new DeckError("usage", `historyGroup: there is no group ${group} on this host`)
  return { ...shared, groupId: Number(id) }
}

const IDENTITY = "identity.json"

/** The directory of one gateway's recorder within a history. */
export const recorderDirectory = (history: string, gateway: string): string =>
  join(history, gateway === "" ? "gateway" : `gateway-${encodeURIComponent(gateway)}`)

/**
 * Makes the directory of a recorder, and those above it, where they are missing; what is there keeps its modes. Throws DeckError
 * `unavailable` where that is not possible.
 */
export async function makeDirectory(path: string, modes: Modes): Promise<void> {
  try {
    const first = await mkdir(path, { recursive: true, mode: modes.directory })
    if (first === undefined) return
    // The mode given to mkdir is cut by the umask, and lacks the bit of the group: of each that was made, from the lowest up.
    for (let made = path; made.length >= first.length; made = dirname(made)) {
      if (modes.groupId !== undefined) await chown(made, -1, modes.groupId)
      await chmod(made, modes.directory)
    }
  } catch (cause) {
    const { message } = cause as Error
    throw new DeckError("unavailable", `the history's directory cannot be made: ${message}`, {
      cause,
      field: "history",
    })
  }
}

/**
 * Sees to it that a directory holds the log of `owner`, which it says from the first time on. Throws DeckError: "conflict" where it
 * is another's, "unavailable" where what says so is damaged.
 */
export async function claim(directory: string, owner: LogOwner, modes: Modes): Promise<void> {
  const found = await readState(join(directory, IDENTITY), identity)
  if (found !== undefined) return refuseForeign(directory, found, owner, "correct identity.json in it")
  await replaceFile(join(directory, IDENTITY), `${JSON.stringify({ format: 1, ...owner })}\n`, modes.file)
}
