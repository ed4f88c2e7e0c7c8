import type { RedisHost } from "../../config/redis-url.ts"
import { DeckError } from "../../domain/errors.ts"
import { within } from "../deadline.ts"
import { type Endpoint, endpointAt } from "./endpoint.ts"
import { DemotedError, SentinelsError, ServerError, UnknownPrimaryError } from "./errors.ts"
import { type Connection, connectTo, discard } from "./server-connection.ts"

const TIMEOUT_MS = 2_000

type Watched = NonNullable<Endpoint["watched"]>

/**
 * Connects to the primary that the Sentinels name now, with the options `client`. It has to say itself that it is one, where it
 * may be asked: one that was just demoted is still named for a moment. (ioredis's own connector does not tell why a Sentinel
 * could not be asked.) Rejects as `connect` does.
 */
export async function connectToPrimary(
  client: Endpoint["client"],
  watched: Watched,
  signal?: AbortSignal,
): Promise<Connection> {
  const place = await whereIs(watched, signal)
  const found = endpointAt(client, place)
  const address = `${found.address} (${watched.primary})`
  const { redis } = await connectTo({ ...found, address }, signal)
  const role = await within(TIMEOUT_MS, redis.info("replication"), signal).catch(() => "")
  if (!/^role:slave/m.test(role)) return { redis, address, isReplaced: () => isReplaced(place, watched) }
  discard(redis)
  throw new ServerError(address, new DemotedError())
}

/** Whether the Sentinels name another server by now: a primary that is cut off from them does not know that it is none any more. */
async function isReplaced({ host, port }: RedisHost, watched: Watched): Promise<boolean> {
  const now = await whereIs(watched).catch(() => undefined)
  return now !== undefined && (now.host !== host || now.port !== port)
}

/**
 * Asks all Sentinels at once. What most of them say holds, as soon as it is known: so none that is out of reach costs time, and one
 * that is cut off from the others misleads nobody. Of those that answer the most are believed.
 */
function whereIs({ primary, sentinels }: Watched, signal?: AbortSignal): Promise<RedisHost> {
  const votes = new Map<string, { readonly place: RedisHost; readonly count: number }>()
  const failures: ServerError[] = []
  return new Promise((resolve, reject) => {
    let left = sentinels.length
    const heard = () => {
      left--
      const [first] = [...votes.values()].sort((a, b) => b.count - a.count)
      if (first && (left === 0 || first.count * 2 > sentinels.length)) resolve(first.place)
      else if (left === 0)
        reject(failures.find(one => one instanceof DeckError) ?? new SentinelsError(primary, failures))
    }
    for (const sentinel of sentinels) {
      whereSays(sentinel, primary, signal)
        .then(
          place => {
            const key = `${place.host} ${place.port}`
            votes.set(key, { place, count: (votes.get(key)?.count ?? 0) + 1 })
          },
          error => void failures.push(error),
        )
        .then(heard)
    }
  })
}

/** Asks one Sentinel. Rejects with a ServerError. */
export async function whereSays(sentinel: Endpoint, primary: string, signal?: AbortSignal): Promise<RedisHost> {
  const { redis } = await connectTo(sentinel, signal)
  const asked = async (...command: string[]) =>
    (await within(TIMEOUT_MS, redis.call("SENTINEL", ...command), signal)) as never
  try {
    const found: [host: string, port: string] | null = await asked("GET-MASTER-ADDR-BY-NAME", primary)
    if (found !== null) return { host: found[0], port: Number(found[1]) }
    throw new UnknownPrimaryError(((await asked("MASTERS")) as string[][]).map(fields => fields[1] as string))
  } catch (error) {
    throw error instanceof DeckError ? error : new ServerError(sentinel.address, error)
  } finally {
    discard(redis)
  }
}
