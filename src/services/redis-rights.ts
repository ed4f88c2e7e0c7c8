import {
  apiKeyCacheKey,
  bucketKey,
  featureCacheKey,
  GATEWAY_CONFIG,
  settingCacheKey,
  tokenMarkKey,
} from "../adapters/redis/keys.ts"
import { GRANTED_ROLES, type Purpose } from "./grants.ts"

/** Purpose of an account of Redis: as in PostgreSQL, or recording the log, which needs the gateway's Redis alone. */
export type RedisPurpose = Purpose | "recording"

/** The two Redis databases of a deployment (contract, section 4). */
export type RedisDatabase = "api" | "gateway"

/** What `--grants` names for Redis, `doctor` tries, and every operation is tested under. */
export interface RedisRight {
  /** As an ACL rule has it: `xinfo|stream`. */
  readonly command: string
  /** `telling`: without it opsdeck works, and tells less. */
  readonly purpose: Purpose | "telling"
  readonly on: readonly RedisDatabase[]
  /** The keys it is used on, as a pattern. */
  readonly keys?: string
  /** A form of it that changes nothing and answers at once, whatever the database holds. */
  readonly harmless: readonly string[]
  /** Used in a Cluster alone. */
  readonly inCluster?: true
}

/** In the place of a user or a setting: there is none of this name. */
const NOBODY = "opsdeck"

const both = ["api", "gateway"] as const

/** What opsdeck asks of a Redis with the access logs `streams`, of a Cluster if it is one. */
export const redisRights = (streams: readonly string[], isCluster: boolean): RedisRight[] =>
  allRights([...new Set(streams)]).filter(({ inCluster }) => isCluster || !inCluster)

/** MULTI stands last, since what follows it on a connection would only be queued. */
function allRights(streams: readonly string[]): RedisRight[] {
  const plain = (command: string, purpose: RedisRight["purpose"], ...harmless: string[]): RedisRight => ({
    command,
    purpose,
    on: both,
    harmless: [...command.split("|"), ...harmless],
  })
  const on = (database: RedisDatabase, keys: string, key: string) => {
    const use = (command: string, purpose: RedisRight["purpose"], ...harmless: string[]): RedisRight => ({
      ...plain(command, purpose, ...harmless.map(word => (word === "KEY" ? key : word))),
      on: [database],
      keys,
    })
    return {
      read: (command: string, ...harmless: string[]) => use(command, "reading", ...harmless),
      get: use("get", "everything", "KEY"), // Within the script.
      // Of both conditions the syntax allows one.
      set: use("set", "everything", "KEY", "", "NX", "XX"),
      eval: use("eval", "everything", "return 0", "1", "KEY"),
      del: use("del", "everything", "KEY"),
      // A field without a value, and no number of seconds.
      hset: use("hset", "everything", "KEY", "tokens", "0", "ts"),
      expire: use("expire", "everything", "KEY", "never"),
    }
  }
  const logs = streams.map(stream => on("gateway", globbed(stream), stream))
  const copy = on("gateway", GATEWAY_CONFIG, GATEWAY_CONFIG)
  const cache = on("api", settingCacheKey("*"), settingCacheKey(NOBODY))
  const marks = on("api", tokenMarkKey("*"), tokenMarkKey(NOBODY))
  const keys = on("api", apiKeyCacheKey("*"), apiKeyCacheKey(NOBODY))
  const buckets = on("gateway", "arkloop:ratelimit:*", bucketKey("address", NOBODY))
  const flags = on("api", featureCacheKey("*"), featureCacheKey(NOBODY))
  return [
    plain("select", "reading", "0"),
    plain("ping", "reading"),
    plain("client|setname", "telling", "opsdeck"),
    plain("info", "telling", "server"),
    plain("time", "telling"),
    { ...plain("scan", "telling", "0", "COUNT", "1"), on: ["api"] },
    { ...plain("cluster|slots", "telling"), inCluster: true },
    { ...plain("asking", "reading"), inCluster: true },
    ...logs.map(log => log.read("exists", "KEY")),
    copy.read("get", "KEY"),
    cache.read("exists", "KEY"),
    cache.read("mget", "KEY"),
    marks.read("exists", "KEY"),
    marks.read("mget", "KEY"),
    keys.read("exists", "KEY"),
    flags.read("mget", "KEY"),
    ...logs.flatMap(log => [
      log.read("xinfo|stream", "KEY"),
      log.read("xlen", "KEY"),
      log.read("xread", "COUNT", "1", "STREAMS", "KEY", "$"),
      log.read("xrevrange", "KEY", "+", "-", "COUNT", "1"),
    ]),
    buckets.read("hmget", "KEY", "tokens"),
    copy.eval,
    copy.set,
    buckets.hset,
    buckets.expire,
    buckets.del,
    cache.del,
    keys.del,
    flags.del,
    marks.get,
    marks.eval,
    marks.set,
    // Without MULTI before it, it is refused.
    { ...plain("exec", "reading"), on: ["gateway"] },
    { ...plain("multi", "reading"), on: ["gateway"] },
  ]
}

/** What following a stream takes (`adapters/redis/session`). */
const FOLLOWING = ["select", "client|setname", "info", "time", "xinfo|stream", "xread", "multi", "exec"]

/** Those of `rights` that `purpose` needs; what tells more belongs to all. */
const rightsFor = (purpose: RedisPurpose, rights: readonly RedisRight[]): RedisRight[] =>
  purpose === "recording"
    ? rights.filter(({ command }) => FOLLOWING.includes(command))
    : rights.filter(right => purpose === "everything" || right.purpose !== "everything")

/** Returns the command that creates a user with the rights for `purpose`, on the access logs `streams`, and no others. */
export function redisGrant(purpose: RedisPurpose, streams: readonly string[], isCluster = false): string {
  const rights = rightsFor(purpose, redisRights(streams, isCluster))
  const keys = new Set(rights.flatMap(({ keys = [] }) => keys))
  const commands = new Set(rights.map(({ command }) => command))
  const rules = [...[...keys].map(key => `~${key}`), ...[...commands].map(command => `+${command}`)]
  return ["ACL SETUSER", ROLES[purpose], "reset on >PASSWORD resetchannels", ...rules].join(" ")
}

const ROLES: Readonly<Record<RedisPurpose, string>> = { ...GRANTED_ROLES, recording: "opsdeck_recorder" }

/** Returns the pattern that means `key` alone. */
const globbed = (key: string) => key.replace(/[\\*?[\]]/g, "\\$&")
