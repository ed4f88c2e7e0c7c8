import { hash } from "bcryptjs"
import { toCopy } from "../adapters/gateway-words.ts"
import { PACKAGE } from "../adapters/history/parquet/duckdb.ts"
import { openPostgres } from "../adapters/postgres/connection.ts"
import { migrate } from "../adapters/postgres/migrate.ts"
import { openRedis, type RedisConnections } from "../adapters/redis/connections.ts"
import { GATEWAY_CONFIG, settingCacheKey } from "../adapters/redis/keys.ts"
import { cacheOf } from "../adapters/redis/setting-cache.ts"
import { streamInfoOf } from "../adapters/redis/stream-info.ts"
import { GATEWAY_DEFAULTS } from "../domain/gateway.ts"
import { databasesFor, gatewaysOn, writeProfile } from "./gateways.ts"
import type { DemoOptions, DemoPlatform } from "./keeper-messages.ts"
import { startPostgresServer } from "./postgres-server.ts"
import { prepareHistory } from "./recorder/start.ts"
import { startRedisServer } from "./redis-server.ts"
import { endCancelledRuns } from "./run-worker.ts"
import { GATEWAY, settingsWith } from "./seed/history.ts"
import { insertWorld } from "./seed/insert.ts"
import { DEMO_LOGIN, DEMO_PASSWORD } from "./seed/people.ts"
import { createWorld, inconspicuousOf, membersOf, type World } from "./seed/world.ts"
import { SINK_LOGIN, startSmtpSink } from "./smtp-sink.ts"
import type { Member } from "./traffic/clients.ts"
import type { Story } from "./traffic/story.ts"
import { createTraffic } from "./traffic/traffic.ts"
import { STREAM_LENGTH, UNRECORDED_LENGTH, watchEndedSessions, writeHistory, writeLive } from "./traffic/writer.ts"
import { keepWorkers } from "./workers.ts"

const DATABASE = "platform"
/** Long enough to be visible at once, short enough that the minute before was better. */
const DEPLOYED_AGO_MS = 90_000
/** What the stream has given up by the start: the history alone holds where it began. */
const TRIED_AGO_MS = 12 * 60_000
const ATTACKED_AGO_MS = 18 * 60_000

type Settings = Readonly<Record<string, string>>

interface Hooks {
  /** Called with a few words about each step. */
  readonly progress: (text: string) => void
  /** Ends the traffic, and the start at whatever point. */
  readonly signal: AbortSignal
}

/** Starts a throwaway platform with people and traffic. `stop` ends and removes it, at whatever point of the start. */
export function startPlatform(options: DemoOptions, { progress, signal }: Hooks) {
  progress("starting PostgreSQL, Redis and a mail server")
  const redis = startRedisServer(databasesFor(options.gateways))
  // Nothing is installed for a demo without a Redis.
  const postgres = redis.then(() => startPostgresServer({ progress, signal }))
  const servers = [postgres, redis, startSmtpSink(), prepareHistory()] as const
  return { ready: fill(servers), stop }

  async function fill([postgresStart, redisStart, sinkStart, historyStart]: typeof servers): Promise<DemoPlatform> {
    const passwordHash = await hash(DEMO_PASSWORD, 10)
    const [postgres, redis, sink, history] = await Promise.all([postgresStart, redisStart, sinkStart, historyStart])
    if (!history.isPossible)
      progress(`the log has no past here, since DuckDB is not installed: npm install -g ${PACKAGE}`)
    signal.throwIfAborted()
    progress("filling them with people, runs and traffic")
    await postgres.createDatabase(DATABASE)
    const databaseUrl = postgres.url(DATABASE)
    const world = createWorld(options.seed, Date.now(), passwordHash)
    const settings = settingsWith({ ...SINK_LOGIN, port: sink.port })
    await insertPeople(databaseUrl, world, settings)
    void keepWorkers(databaseUrl, world, options.seed, signal)
    void endCancelledRuns(databaseUrl, signal)
    const gateways = gatewaysOn(redis.url, options.gateways)
    const redisUrl = `${redis.url}/0`
    const { configFile } = await writeProfile(history.folder, gateways)
    const connections = openRedis({ api: { url: redisUrl }, gateways })
    await writeCopies(connections, settings)
    const members = membersOf(world)
    const now = Date.now()
    const story = storyOf(options, world, members, now)
    const share = options.rate / gateways.length
    const writers = connections.gateways.map(({ client, stream }, draw) => ({
      ...{ client, stream, traffic: createTraffic(members, options.seed, story, draw) },
    }))
    for (const { client, stream, traffic } of writers) await writeHistory(client, stream, traffic, share, now)
    let keep = history.isPossible ? UNRECORDED_LENGTH : STREAM_LENGTH
    if (history.isPossible) {
      const { rate, seed } = options
      const recorded = connections.gateways.map(async ({ name, redis, client, stream: key }) => {
        return { name, redisUrl: redis.url, key, stream: await streamInfoOf(client, key) }
      })
      void history
        .record({ gateways: await Promise.all(recorded), members, seed, rate, story })
        .then(() => (keep = STREAM_LENGTH))
    }
    const userIds = members.map(({ userId }) => userId)
    const { rate_limit_capacity: capacity, rate_limit_per_minute: perMinute } = { ...GATEWAY_DEFAULTS, ...GATEWAY }
    const limit = { capacity, rate: perMinute / 60 }
    const ended = watchEndedSessions(connections.api, userIds, signal)
    const obeys = { ended, limit, keep: () => keep }
    const writing = writers.map(({ client, stream, traffic }) =>
      writeLive(client, stream, traffic, share, obeys, signal),
    )
    Promise.all(writing).finally(() => connections.close())
    const { apiKey } = world.people
    const access = { apiKey, login: DEMO_LOGIN, password: DEMO_PASSWORD }
    return { databaseUrl, redisUrl, gateways, ...(configFile && { configFile }), history: history.directory, ...access }
  }

  async function stop(): Promise<void> {
    // A server that is still starting is waited for; one that failed to start has removed its own files.
    await Promise.allSettled(servers.map(async starting => (await starting).stop()))
  }
}

function storyOf(
  { scenario, seed }: DemoOptions,
  world: World,
  members: readonly Member[],
  now: number,
): Story | undefined {
  switch (scenario) {
    case "attack":
      return { scenario, account: inconspicuousOf(world, members, seed), since: now - ATTACKED_AGO_MS }
    case "deploy":
      return { scenario, tried: now - TRIED_AGO_MS, since: now - DEPLOYED_AGO_MS }
    default:
      return undefined
  }
}

async function insertPeople(databaseUrl: string, world: World, settings: Settings): Promise<void> {
  await migrate(databaseUrl)
  const postgres = openPostgres({ url: databaseUrl })
  try {
    await insertWorld(postgres, world, settings)
  } finally {
    await postgres.close()
  }
}

/** Writes the copies of the settings that the platform keeps in Redis (contract section 4). */
async function writeCopies({ api, gateways }: RedisConnections, settings: Settings): Promise<void> {
  for (const { client } of gateways)
    await client.run(redis => redis.set(GATEWAY_CONFIG, JSON.stringify(toCopy(GATEWAY))))
  const cached = Object.entries(settings).flatMap(([setting, value]) => [settingCacheKey(setting), cacheOf(value)])
  await api.run(redis => redis.mset(cached))
}
