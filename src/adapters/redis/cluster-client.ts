import type { Redis } from "ioredis"
import { DeckError } from "../../domain/errors.ts"
import { connectToAny, MOST_HOPS, redirectionIn } from "./cluster-nodes.ts"
import { type Endpoint, endpointAt } from "./endpoint.ts"
import { MovedError, ServerError, toDeckError } from "./errors.ts"
import type { RedisClient } from "./redis-client.ts"
import { roundTrip, ServerClient } from "./server-client.ts"
import { discard } from "./server-connection.ts"

type Command<T> = (redis: Redis) => Promise<T>

/**
 * Client of a Cluster: a command goes to the node that took the last one and, where that says that another node has the key,
 * on to that node. (ioredis's own Cluster keeps a table of slots, connections to all nodes and one more to subscribe with,
 * sends some commands again by itself, and does not tell why a node is out of reach.)
 */
export class ClusterClient implements RedisClient {
  private readonly endpoint: Endpoint
  /** A client for each node that is known, by its address. */
  private readonly nodes = new Map<string, ServerClient>()
  private last: ServerClient | undefined
  private finding: Promise<ServerClient> | undefined
  private closed = false

  constructor(endpoint: Endpoint, nodes: readonly Endpoint[]) {
    this.endpoint = endpoint
    for (const { client } of nodes) this.at(client as { host: string; port: number })
  }

  get address(): string {
    return this.endpoint.address
  }

  async run<T>(command: Command<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await this.follow(command, signal)
    } catch (error) {
      throw toDeckError(error, this.address)
    }
  }

  ping(signal?: AbortSignal): Promise<number> {
    return this.run(roundTrip, signal)
  }

  async servers(signal?: AbortSignal): Promise<readonly RedisClient[]> {
    const slots = await this.run(redis => redis.cluster("SLOTS"), signal)
    const asked = this.last?.endpoint.client.host as string
    return [
      ...new Set(slots.flatMap(([, , node]) => (node ? [this.at({ host: node[0] || asked, port: node[1] })] : []))),
    ]
  }

  close(): void {
    this.closed = true
    for (const node of this.nodes.values()) node.close()
  }

  private async follow<T>(command: Command<T>, signal?: AbortSignal): Promise<T> {
    let node = await this.begin()
    let asked = command
    for (let hop = 0; ; hop++) {
      try {
        const answer = await node.attempt(asked, signal)
        this.last = node
        return answer
      } catch (error) {
        const elsewhere = error instanceof ServerError ? redirectionIn(error.cause, node.endpoint) : undefined
        if (elsewhere === undefined) throw error
        if (hop === MOST_HOPS) throw new ServerError(node.address, new MovedError())
        node = this.at(elsewhere)
        asked = elsewhere.isAsk ? afterAsking(command) : command
      }
    }
  }

  /** The node to begin with: one that is connected, else the first to answer of all that are known. */
  private begin(): Promise<ServerClient> {
    if (this.closed) throw new DeckError("unavailable", "the connection to Redis was closed")
    if (this.last?.isOpen) return Promise.resolve(this.last)
    this.finding ??= this.find().finally(() => {
      this.finding = undefined
    })
    return this.finding
  }

  private async find(): Promise<ServerClient> {
    const known = [...this.nodes.values()]
    const { redis, node } = await connectToAny(known.map(({ endpoint }) => endpoint))
    discard(redis)
    this.last = this.at(node.client as { host: string; port: number })
    return this.last
  }

  private at(place: { readonly host: string; readonly port: number }): ServerClient {
    const node = endpointAt(this.endpoint.client, place)
    const known = this.nodes.get(node.address) ?? new ServerClient(node)
    this.nodes.set(node.address, known)
    return known
  }
}

/** A node that a key is on its way to takes one command for it, right behind ASKING. */
const afterAsking =
  <T>(command: Command<T>): Command<T> =>
  async redis => {
    const asking = redis.asking()
    const answer = command(redis)
    await asking
    return answer
  }
