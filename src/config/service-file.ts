import { join } from "node:path"
import { DeckError } from "../domain/errors.ts"
import { homeDirectory, type Variables } from "./paths.ts"
import { type Parameters, problemIn } from "./postgres-url.ts"
import { readText, requirePrivate, requireText } from "./secret-file.ts"

/** Where packages of libpq look for the file of the whole host; what it was built with is not to be known. */
const SYSTEM_DIRECTORIES = ["/etc/postgresql-common", "/etc/sysconfig/pgsql", "/etc"]
const NAME = "pg_service.conf"

/**
 * What libpq's connection service file (PostgreSQL's manual, "The Connection Service File") says of the service `name`: `path`,
 * else the user's file, else the host's. Throws DeckError `usage` that names file and service where it says nothing, or what
 * is none.
 */
export function readService(name: string, env: Variables, path = env.PGSERVICEFILE): Parameters {
  const own = path || join(homeDirectory(env), `.${NAME}`)
  const directories = env.PGSYSCONFDIR ? [env.PGSYSCONFDIR] : SYSTEM_DIRECTORIES
  const files = [own, ...directories.map(directory => join(directory, NAME))]
  for (const file of files) {
    const label = `service ${name}`
    const text = path && file === path ? requireText(file, label) : readText(file, label)
    const found = text === undefined ? undefined : serviceIn(text, name, file)
    if (found?.has("password") || found?.has("sslpassword")) requirePrivate(file, label)
    if (found !== undefined) return found
  }
  throw new DeckError("usage", `service ${name}: no [${name}] in ${files.join(", ")}`, { field: "database-url" })
}

/** The settings below `[name]` in the text of the file `path`. */
function serviceIn(text: string, name: string, path: string): Parameters | undefined {
  const refuse = (problem: string): never => {
    throw new DeckError("usage", `service ${name}: ${path}: ${problem}`, { field: "database-url" })
  }
  let found: Map<string, string> | undefined
  let isInside = false
  for (const [at, whole] of text.split("\n").entries()) {
    const line = whole.trim()
    if (line === "" || line.startsWith("#")) continue
    if (line.startsWith("[")) {
      if (found !== undefined) break
      isInside = line === `[${name}]`
      if (isInside) found = new Map()
      continue
    }
    if (!isInside) continue
    const [, keyword, value] = line.match(/^(\w+)=(.*)$/) ?? []
    if (keyword === undefined || value === undefined) return refuse(`line ${at + 1} is none like host=db.example.com`)
    if (/^service(file)?$/.test(keyword)) return refuse(`line ${at + 1}: a service cannot name another one`)
    if (!found?.has(keyword)) found?.set(keyword, value)
  }
  const problem = found && problemIn(found)
  return problem === undefined ? found : refuse(problem)
}
