import { DeckError } from "../../domain/errors.ts"
import { within } from "../deadline.ts"
import { type Endpoint, endpointAt } from "./endpoint.ts"
import { MovedError, ServerError } from "./errors.ts"
import { type Connection, connectTo, discard } from "./server-connection.ts"

/** How often a key may be said to be on another node. */
export const MOST_HOPS = 5
const TIMEOUT_MS = 2_000

/** A node that has a key, or is about to (ASK): it takes one command for it, once it was asked. */
export interface Redirection {
  readonly host: string
  readonly port: number
  readonly isAsk: boolean
}

/** Returns where a node says that the key of a command is: `MOVED 3999 10.0.0.2:6379`. It did not carry the command out. */
export function redirectionIn(error: unknown, asked: Endpoint): Redirection | undefined {
  const [, kind, place = ""] = (error as Error).message?.match(/^(MOVED|ASK) \d+ (\S+)$/) ?? []
  if (kind === undefined) return undefined
  const colon = place.lastIndexOf(":")
  const host = place.slice(0, colon).replace(/^\?$/, "")
  // A node that does not know its own name leaves it out: it is that of the node that was asked.
  return { host: host || (asked.client.host as string), port: Number(place.slice(colon + 1)), isAsk: kind === "ASK" }
}

/** Connects to whichever of `nodes` answers first, so that none that is out of reach costs time. Rejects as `connect` does. */
export async function connectToAny(
  nodes: readonly Endpoint[],
  signal?: AbortSignal,
): Promise<Connection & { readonly node: Endpoint }> {
  const attempts = nodes.map(async node => ({ node, ...(await connectTo(node, signal)) }))
  try {
    const first = await Promise.any(attempts)
    for (const attempt of attempts)
      attempt.then(
        one => one !== first && discard(one.redis),
        () => {},
      )
    return first
  } catch (error) {
    throw (error as AggregateError).errors[0]
  }
}

/** Connects to the node that has `key`, as a node says that is asked for it, or to any. Rejects as `connect` does. */
export async function connectToNode(
  client: Endpoint["client"],
  nodes: readonly Endpoint[],
  key: string | undefined,
  signal?: AbortSignal,
): Promise<Connection> {
  let at: Connection & { readonly node: Endpoint } = await connectToAny(nodes, signal)
  for (let hop = 0; key !== undefined; hop++) {
    const redirection = await whereElse(at, key, signal).catch(error => {
      discard(at.redis)
      throw error instanceof DeckError ? error : new ServerError(at.address, error)
    })
    // Of a slot that is on its way the node that still has it is the one to read from.
    if (redirection === undefined || redirection.isAsk) break
    discard(at.redis)
    if (hop === MOST_HOPS) throw new ServerError(at.address, new MovedError())
    const node = endpointAt(client, redirection)
    at = { node, ...(await connectTo(node, signal)) }
  }
  return at
}

/** Asks a node for `key`; any command does, as long as it answers at all. */
const whereElse = ({ redis, node }: Connection & { readonly node: Endpoint }, key: string, signal?: AbortSignal) =>
  within(TIMEOUT_MS, redis.xinfo("STREAM", key), signal).then(
    () => undefined,
    error => {
      if (error.name !== "ReplyError") throw error
      return redirectionIn(error, node)
    },
  )
