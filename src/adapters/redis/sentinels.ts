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
  const found = endpointAt(client, await whereIs(watched, signal))
  const address = `${found.address} (${watched.primary})`
  const connection = await connectTo({ ...found, address }, signal)
  const role = await within(TIMEOUT_MS, connection.redis.info("replication"), signal).catch(() => "")
  if (!/^role:slave/m.test(role)) return connection
  discard(connection.redis)
  throw new ServerError(address, new DemotedError())
}

/** Asks all Sentinels at once: the first that knows is believed, so none that is out of reach costs time. */
async function whereIs({ primary, sentinels }: Watched, signal?: AbortSignal): Promise<{ host: string; port: number }> {
  try {
    return await Promise.any(sentinels.map(sentinel => whereSays(sentinel, primary, signal)))
  } catch (error) {
    const { errors } = error as AggregateError
    throw errors.find(one => one instanceof DeckError) ?? new SentinelsError(primary, errors)
  }
}

/** Asks one Sentinel. Rejects with a ServerError. */
export async function whereSays(
  sentinel: Endpoint,
  primary: string,
  signal?: AbortSignal,
): Promise<{ host: string; port: number }> {
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
