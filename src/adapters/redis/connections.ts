import { ClusterClient } from "./cluster-client.ts"
import { type RedisTarget, readEndpoint } from "./endpoint.ts"
import { ACCESS_LOG } from "./keys.ts"
import type { RedisClient } from "./redis-client.ts"
import { ServerClient } from "./server-client.ts"

export type { RedisTarget } from "./endpoint.ts"
export type { RedisClient } from "./redis-client.ts"

/** At least one. */
export type Several<Thing> = readonly [Thing, ...Thing[]]

/** A gateway: where its access log is. */
export interface GatewayTarget {
  /** Empty where there is one gateway, which nobody named. */
  readonly name: string
  readonly redis: RedisTarget
  /** Key of the access log's stream. Default: the platform's. */
  readonly stream?: string | undefined
}

/** The gateways of a deployment that has one. */
export const oneGateway = (redis: RedisTarget, stream?: string): Several<GatewayTarget> => [{ name: "", redis, stream }]

/** A gateway, and the connection to its database. */
export interface Gateway extends GatewayTarget {
  readonly stream: string
  readonly client: RedisClient
}

/** The databases of a deployment (contract, section 4): that of the API, and of each gateway. */
export interface RedisOptions {
  readonly api: RedisTarget
  readonly gateways: Several<GatewayTarget>
}

export interface RedisConnections {
  readonly options: RedisOptions
  readonly api: RedisClient
  readonly gateways: Several<Gateway>
  /** Ends all connections; later use throws "unavailable". */
  close(): void
}

/** Opens the databases; connects at first use. Throws DeckError("invalid") for a malformed URL. */
export function openRedis(options: RedisOptions): RedisConnections {
  const clients: (ServerClient | ClusterClient)[] = []
  const open = (target: RedisTarget): RedisClient => {
    const endpoint = readEndpoint(target)
    const client =
      endpoint.nodes === undefined ? new ServerClient(endpoint) : new ClusterClient(endpoint, endpoint.nodes)
    clients.push(client)
    return client
  }
  const gateway = ({ stream = ACCESS_LOG, ...one }: GatewayTarget): Gateway => ({
    ...one,
    stream,
    client: open(one.redis),
  })
  const [first, ...others] = options.gateways
  return {
    options,
    api: open(options.api),
    gateways: [gateway(first), ...others.map(gateway)],
    close: () => {
      for (const client of clients) client.close()
    },
  }
}
