import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { homeDirectory, type Variables } from "../../config/paths.ts"
import { DeckError } from "../../domain/errors.ts"

/** Whom a connection is made to, and as whom. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** `host:port`, or the directory of a Unix socket. */
  readonly address: string
}

/** libpq's password file. */
export const passwordFile = (env: Variables): string => env.PGPASSFILE || join(homeDirectory(env), ".pgpass")

/**
 * Password of a connection that has none in its URL or in `PGPASSWORD`: that of libpq's password file (PostgreSQL's manual,
 * "The Password File"), or of the one at `path`, for this target. To be called once the server asks for one. Throws DeckError("unavailable") where
 * there is none, and says so of a file that is ignored because others can read it.
 */
export function findPassword(target: Target, path = passwordFile(process.env)): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  const isOpen = stats !== undefined && (stats.mode & 0o077) !== 0
  const password = stats === undefined || isOpen ? undefined : passwordIn(readFileSync(path, "utf8"), target)
  if (password !== undefined) return password
  const remedy = isOpen
    ? `${path} is ignored, since others can read it; run: chmod 600 ${path}`
    : `add one to DATABASE_URL, PGPASSWORD or ${path}`
  throw new DeckError(
    "unavailable",
    `PostgreSQL at ${target.address} requires a password for user "${target.user}": ${remedy}`,
  )
}

/** Of the lines `host:port:database:user:password` the first that fits; `*` fits everything, `\` takes a `:` literally. */
function passwordIn(text: string, { host, port, database, user }: Target): string | undefined {
  // A socket goes by its directory, or by libpq's word for the usual one.
  const hosts = host.startsWith("/") ? [host, "localhost"] : [host]
  const fits = [hosts, [String(port)], [database], [user]]
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue
    const parts = [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)].map(([, part = ""]) => part.replace(/\\(.)/g, "$1"))
    const [password] = parts.slice(fits.length)
    if (fits.every((values, i) => parts[i] === "*" || values.includes(parts[i] ?? ""))) return password
  }
  return undefined
}
