import type { RedisClient, RedisTarget } from "../../adapters/redis/connections.ts"
import { type Endpoint, readEndpoint } from "../../adapters/redis/endpoint.ts"
import { type Follower, replicationRole, SLOTS, sentinelsSay, servedSlots } from "../../adapters/redis/topology.ts"
import { type Finding, ok, warning } from "../../domain/check.ts"
import { asDeckError } from "../../domain/errors.ts"
import { spanOf } from "../../domain/span.ts"

interface Server {
  readonly client: RedisClient
  readonly target: RedisTarget
  /** The setting that names it. */
  readonly setting: string
}

/** Says which role the server has, who follows it how far behind, and what Sentinels or the other nodes of a Cluster say. */
export async function lookAtRole(server: Server, signal: AbortSignal): Promise<Finding> {
  const { client, target, setting } = server
  const endpoint = readEndpoint(target)
  if (endpoint.nodes !== undefined) return lookAtCluster(client, signal)
  const { followers, follows } = await replicationRole(client, signal)
  const following = followers.map(followerOf)
  if (follows === undefined) {
    const role = ["primary: takes reads and changes", ...following]
    return endpoint.watched === undefined ? ok(role.join("; ")) : lookAtSentinels(server, role, signal)
  }
  const { primary, isInTouch, takesWrites } = follows
  const stale = isInTouch ? "" : "; not connected to it, so its data is stale"
  const what = takesWrites
    ? "that accepts writes, which are lost later"
    : ": reading and following work, changes are refused"
  const says = `a replica of ${primary}${takesWrites ? " " : ""}${what}${stale}`
  return warning(
    [says, ...following].join("; "),
    `set ${setting} to the primary, ${primary}, where changes are to be made`,
  )
}

async function lookAtSentinels(
  { target, setting }: Server,
  role: readonly string[],
  signal: AbortSignal,
): Promise<Finding> {
  const { primary: name } = readEndpoint(target).watched as NonNullable<Endpoint["watched"]>
  const said = await sentinelsSay(target, signal)
  const named = [...new Set(said.flatMap(({ primary = [] }) => primary))]
  const silent = said.flatMap(({ trouble = [] }) => trouble)
  const of = `${said.length - silent.length} of ${said.length} ${said.length === 1 ? "Sentinel" : "Sentinels"}`
  const says = [...role, `${of} name ${name} ${named.join(" and ")}`, ...silent].join("; ")
  if (silent.length > 0) return warning(says, `start the missing Sentinels, or take them out of ${setting}`)
  if (named.length > 1)
    return warning(says, "look again: a failover is under way, or the Sentinels do not reach each other")
  if (role.length === 1) return warning(says, "add a replica: without one nothing can take its place")
  return ok(says)
}

async function lookAtCluster(client: RedisClient, signal: AbortSignal): Promise<Finding> {
  const [served, servers] = await Promise.all([servedSlots(client, signal), client.servers(signal)])
  const looked = await Promise.all(
    servers.map(server =>
      replicationRole(server, signal).then(
        ({ followers }) => ({
          says: [server.address, ...followers.map(followerOf)].join(", "),
          isAlone: followers.length === 0,
        }),
        error => ({ says: asDeckError(error).message, isAlone: true }),
      ),
    ),
  )
  const slots = served === SLOTS ? `all ${SLOTS} slots served` : `${SLOTS - served} of ${SLOTS} slots have no node`
  const says = [`a Cluster of ${servers.length} primaries, ${slots}`, ...looked.map(one => one.says)].join("; ")
  if (served < SLOTS)
    return warning(says, "bring the missing nodes back, or give their slots to others (redis-cli --cluster fix)")
  if (looked.some(({ isAlone }) => isAlone))
    return warning(says, "give each primary a replica: without one nothing can take its place")
  return ok(says)
}

function followerOf({ address, state, bytes, lagS }: Follower): string {
  if (state !== "online") return `${address} follows (${state})`
  if (bytes === 0) return `${address} follows, up to date`
  const behind = [...(lagS > 0 ? [spanOf(lagS * 1000)] : []), `${Math.ceil(bytes / 1024)} KB`]
  return `${address} follows, ${behind.join(" and ")} behind`
}
