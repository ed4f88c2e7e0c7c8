import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type GatewayTarget, oneGateway, type Several } from "../adapters/redis/connections.ts"
import type { ListedGateway } from "../config/gateway-list.ts"
import type { RedisServerOptions } from "./redis-server.ts"

/** Options of a Redis that has a database for the API and one for each gateway; usually there are enough. */
export const databasesFor = (names: Several<string> | undefined): RedisServerOptions =>
  names === undefined ? {} : { args: ["--databases", String(names.length + 1)] }

/** The gateways of these names in the Redis of `url`, each with a database of its own; without names the one that has none. */
export function gatewaysOn(url: string, names: Several<string> | undefined): Several<GatewayTarget> {
  if (names === undefined) return oneGateway({ url: `${url}/1` })
  const gateway = (name: string, index: number) => ({ name, redis: { url: `${url}/${index + 1}` } })
  const [first, ...others] = names
  return [gateway(first, 0), ...others.map((name, i) => gateway(name, i + 1))]
}

/** Writes a configuration file into `folder`, whose one profile lists the gateways; none where they have no names. */
export async function writeProfile(
  folder: string,
  gateways: Several<GatewayTarget>,
): Promise<{ readonly configFile?: string }> {
  if (gateways[0].name === "") return {}
  const listed = gateways.map(({ name, redis }) => ({ name, redisUrl: redis.url }) satisfies ListedGateway)
  const file = { defaultProfile: "demo", profiles: { demo: { gateways: listed } } }
  const configFile = join(folder, "config.json")
  await writeFile(configFile, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 })
  return { configFile }
}
