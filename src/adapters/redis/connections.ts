import { ClusterClient } from "./cluster-client.ts"
import { type Endpoint, type RedisTarget, readEndpoint } from "./endpoint.ts"
import { ACCESS_LOG } from "./keys.ts"
import type { RedisClient } from "./redis-client.ts"
import { ServerClient } from "./server-client.ts"

export type { RedisTarget } from "./endpoint.ts"
export type { RedisClient } from "./redis-client.ts"

/** The two databases of a deployment (contract, section 4), and the key of its access log. */
export interface RedisOptions {
  readonly api: RedisTarget
  readonly gateway: RedisTarget
  /** Key of the access log's stream. Default: the platform's. */
  readonly stream?: string | undefined
}

export interface RedisConnections {
  readonly options: RedisOptions & { readonly stream: string }
  readonly api: RedisClient
  readonly gateway: RedisClient
  /** Ends both connections; later use throws "unavailable". */
  close(): void
}

/** Opens the two databases; connects at first use. Throws DeckError("invalid") for a malformed URL. */
export function openRedis({ stream = ACCESS_LOG, ...targets }: RedisOptions): RedisConnections {
  const options = { ...targets, stream }
  const api = clientOf(readEndpoint(options.api))
  const gateway = clientOf(readEndpoint(options.gateway))
  const close = () => {
    api.close()
    gateway.close()
  }
  return { options, api, gateway, close }
}

const clientOf = (endpoint: Endpoint) =>
  endpoint.nodes === undefined ? new ServerClient(endpoint) : new ClusterClient(endpoint, endpoint.nodes)
