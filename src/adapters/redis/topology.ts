import { bracketed } from "../../config/server-url.ts"
import { serverInfo } from "./databases.ts"
import { type RedisTarget, readEndpoint } from "./endpoint.ts"
import { toDeckError } from "./errors.ts"
import type { RedisClient } from "./redis-client.ts"
import { whereSays } from "./sentinels.ts"

/** A replica, as its primary sees it. */
export interface Follower {
  readonly address: string
  /** `online` where it follows. */
  readonly state: string
  /** Bytes of the stream of writes that it has not confirmed, and seconds since it last confirmed any. */
  readonly bytes: number
  readonly lagS: number
}

/** What a server says of its place among others. */
export interface ReplicationRole {
  readonly followers: readonly Follower[]
  /** Of a replica: whom it follows, whether that one is in touch with it, and whether it takes writes of its own. */
  readonly follows?: { readonly primary: string; readonly isInTouch: boolean; readonly takesWrites: boolean }
}

/** Reads the role of the server behind a client. Throws DeckError. */
export async function replicationRole(client: RedisClient, signal?: AbortSignal): Promise<ReplicationRole> {
  const info = await serverInfo(client, "replication", signal)
  const written = Number(info.get("master_repl_offset"))
  const followers = [...info].flatMap(([name, text]) => (/^slave\d+$/.test(name) ? [followerIn(text, written)] : []))
  if (info.get("role") !== "slave") return { followers }
  const follows = {
    primary: `${bracketed(info.get("master_host") ?? "")}:${info.get("master_port")}`,
    isInTouch: info.get("master_link_status") === "up",
    takesWrites: info.get("slave_read_only") === "0",
  }
  return { followers, follows }
}

/** Reads `ip=127.0.0.1,port=6380,state=online,offset=84,lag=0`. */
function followerIn(text: string, written: number): Follower {
  const fields = new Map(text.split(",").map(field => field.split("=", 2) as [string, string]))
  const of = (name: string) => fields.get(name) ?? ""
  const bytes = Math.max(0, written - Number(of("offset")))
  return { address: `${bracketed(of("ip"))}:${of("port")}`, state: of("state"), bytes, lagS: Number(of("lag")) }
}

/** What each Sentinel of a target calls the primary, or why it does not; empty where it has none. */
export async function sentinelsSay(
  target: RedisTarget,
  signal: AbortSignal,
): Promise<{ readonly address: string; readonly primary?: string; readonly trouble?: string }[]> {
  const { watched } = readEndpoint(target)
  if (watched === undefined) return []
  return Promise.all(
    watched.sentinels.map(sentinel =>
      whereSays(sentinel, watched.primary, signal).then(
        ({ host, port }) => ({ address: sentinel.address, primary: `${bracketed(host)}:${port}` }),
        error => ({ address: sentinel.address, trouble: toDeckError(error, sentinel.address).message }),
      ),
    ),
  )
}

/** How many slots of a Cluster have a node. Throws DeckError. */
export async function servedSlots(client: RedisClient, signal?: AbortSignal): Promise<number> {
  const ranges = await client.run(redis => redis.cluster("SLOTS"), signal)
  return ranges.reduce((sum, [from, to, node]) => (node ? sum + to - from + 1 : sum), 0)
}

/** The number of slots that the keys of a Cluster fall into. */
export const SLOTS = 16_384
