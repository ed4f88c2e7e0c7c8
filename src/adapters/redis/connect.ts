import { connectToNode } from "./cluster-nodes.ts"
import type { Endpoint } from "./endpoint.ts"
import { connectToPrimary } from "./sentinels.ts"
import { type Connection, connectTo } from "./server-connection.ts"

/**
 * Connects to an endpoint: where Sentinels watch it, to the primary that they name now, and in a Cluster to the node that has
 * `key`, or to any. Rejects with the reason and its server as a ServerError, or with DeckError "cancelled".
 */
export function connect(endpoint: Endpoint, signal?: AbortSignal, key?: string): Promise<Connection> {
  const { watched, nodes } = endpoint
  if (watched !== undefined) return connectToPrimary(endpoint.client, watched, signal)
  return nodes === undefined ? connectTo(endpoint, signal) : connectToNode(endpoint.client, nodes, key, signal)
}
