import { type RedisTarget, readEndpoint } from "../../adapters/redis/endpoint.ts"
import { tryCommands } from "../../adapters/redis/try-commands.ts"
import { type Finding, failure, ok, warning } from "../../domain/check.ts"
import { type RedisDatabase, type RedisRight, redisRights } from "../redis-rights.ts"
import { GRANTS } from "./check.ts"

interface Asked {
  readonly target: RedisTarget
  readonly database: RedisDatabase
  /** The access logs in it. */
  readonly streams: readonly string[]
}

/** Tries each command that opsdeck sends to a database, in a form that changes nothing. Throws DeckError. */
export async function rightsFound({ target, database, streams }: Asked, signal: AbortSignal): Promise<Finding> {
  const isCluster = readEndpoint(target).nodes !== undefined
  const rights = redisRights(streams, isCluster).filter(({ on }) => on.includes(database))
  const said = await tryCommands(
    target,
    rights.map(({ harmless }) => harmless),
    signal,
  )
  const tried = rights.map((right, i) => ({ right, denial: denialOf(right, said[i] ?? "") }))
  const missing = (purpose: RedisRight["purpose"]) => [
    ...new Set(tried.flatMap(({ right, denial }) => (right.purpose === purpose && denial ? [denial] : []))),
  ]
  const [reading, telling, changing] = [missing("reading"), missing("telling"), missing("everything")]
  if (reading.length > 0) return failure(`missing: ${[...reading, ...telling].join(", ")}`, GRANTS)
  // A full disk, full memory, or replicas that are gone. That it is a replica is told by its role, unless nothing is.
  const refuses = telling.includes("INFO") ? /^(MISCONF|OOM|NOREPLICAS|READONLY)\b/ : /^(MISCONF|OOM|NOREPLICAS)\b/
  const refusal = said.find(text => refuses.test(text ?? ""))
  if (refusal !== undefined) return warning(`changes are refused: ${refusal}`)
  const changes = changing.length === 0 ? "" : `; changes also need ${changing.join(", ")}`
  if (telling.length > 0) return warning(`without ${telling.join(", ")} some details are unavailable${changes}`, GRANTS)
  return ok(changing.length === 0 ? "all that are required" : `for reading${changes}`)
}

/** Returns what is missing, `XREAD` or `XREAD on <keys>`; undefined where the command is permitted, whatever was said. */
function denialOf({ command, keys }: RedisRight, said: string): string | undefined {
  const name = command.replace("|", " ").toUpperCase()
  if (/^(EXECABORT .*)?NOPERM/.test(said))
    return / access (a|one of the) keys?\b/.test(said) ? `${name} on ${keys}` : name
  if (/^ERR unknown (command|subcommand)/i.test(said)) return `${name}, which this server does not know`
  return undefined
}
