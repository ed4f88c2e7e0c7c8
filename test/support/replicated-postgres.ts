import { execFile } from "node:child_process"
import { rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import pg from "pg"
import { afterAll, beforeAll } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { own } from "../../src/demo/postgres-process.ts"
import { type PostgresServer, startOn, startPostgresServer } from "../../src/demo/postgres-server.ts"
import type { TestDatabase } from "./postgres.ts"
import { processesIn } from "./processes-in.ts"
import { createTemplate } from "./servers.ts"
import { until } from "./waiting.ts"

/** A server of a pair. Either may be the primary, and each is on a port of its own. */
interface ReplicatedServer extends PostgresServer {
  /** Runs SQL as superuser on `database`; answers its rows. */
  query<R extends object = Record<string, never>>(sql: string, database?: string): Promise<R[]>
  /** Makes the standby a primary; resolves once it takes changes. */
  promote(): Promise<void>
  /** Ends it at once, as a crash does; `resume()` recovers it. */
  kill(): Promise<void>
  /** Stops all its processes where they are: connections stay open and nothing answers. `thaw()` continues them. */
  freeze(): void
  thaw(): void
  /** The standby goes on receiving and shows nothing of it: its lag grows. */
  pauseReplay(): Promise<void>
  resumeReplay(): Promise<void>
}

export interface ReplicatedPostgres {
  readonly primary: ReplicatedServer
  readonly standby: ReplicatedServer
  /** Creates a platform database on the primary and waits for the standby to have it. */
  createPlatform(name?: string): Promise<void>
  /** Waits until the standby shows all that the primary has committed. */
  caughtUp(): Promise<void>
  /** Starts another standby of the primary. */
  anotherStandby(): Promise<ReplicatedServer>
  /** The primary sends nothing more, and the connection stays open. Answers what ends that. */
  silence(): Promise<() => void>
  stop(): Promise<void>
}

/** A pair with an empty platform, for the tests of the surrounding file; filled in by a hook. */
export interface ReplicatedDatabase extends TestDatabase {
  readonly pair: ReplicatedPostgres
  /** The same database on the standby, for whoever `url` is for. */
  onStandby(url?: string): string
}

export function replicatedDatabase(): ReplicatedDatabase {
  const database = { generation: "orgs" } as { -readonly [K in keyof ReplicatedDatabase]: ReplicatedDatabase[K] }
  beforeAll(async () => {
    database.pair = await startReplicatedPostgres()
    await database.pair.createPlatform()
    database.url = database.pair.primary.url("platform")
    database.postgres = openPostgres(database)
    database.onStandby = (url = database.url) => {
      const other = new URL(url)
      other.port = String(database.pair.standby.port)
      return other.href
    }
  })
  afterAll(async () => {
    await database.postgres.close()
    await database.pair.stop()
  })
  return database
}

/** What the primary of a pair has beside the settings of every test server. A commit is on its way when it is answered. */
const PRIMARY = { wal_keep_size: "256MB", synchronous_commit: "on" }
/** A standby looks for its primary again soon. */
const STANDBY = { ...PRIMARY, wal_retrieve_retry_interval: "100ms" }

/**
 * Starts a primary and a streaming standby, each a server of its own. `settings` are the standby's, such as how long
 * replay waits for queries.
 */
export async function startReplicatedPostgres(settings = {}): Promise<ReplicatedPostgres> {
  const primary = withOutages(await startPostgresServer(undefined, PRIMARY))
  try {
    const [standby] = await Promise.all([startStandbyOf(primary, settings), createTemplate(primary)])
    const caughtUp = () => waitFor(standby, primary)
    return {
      primary,
      standby,
      caughtUp,
      anotherStandby: () => startStandbyOf(primary, settings),
      async silence() {
        const [sender] = await primary.query<{ pid: number }>("select pid from pg_stat_replication")
        const { pid } = sender as { pid: number }
        process.kill(pid, "SIGSTOP")
        return () => process.kill(pid, "SIGCONT")
      },
      async createPlatform(name = "platform") {
        await primary.createDatabase(name, "template_orgs")
        await caughtUp()
      },
      async stop() {
        await Promise.all([primary.stop(), standby.stop()])
      },
    }
  } catch (error) {
    await primary.stop()
    throw error
  }
}

/** Starts a standby of a running server from a copy of its data, as `pg_basebackup` makes it. */
async function startStandbyOf(primary: ReplicatedServer, settings: object): Promise<ReplicatedServer> {
  const { password } = new URL(primary.url("postgres"))
  const fill = (_initdb: string, data: string) => copyData(primary, data)
  const primary_conninfo = `host=127.0.0.1 port=${primary.port} user=postgres password=${password} application_name=standby`
  return withOutages(await startOn({ password, fill, settings: { ...STANDBY, primary_conninfo, ...settings } }))
}

async function copyData(primary: ReplicatedServer, data: string): Promise<void> {
  const client = new pg.Client(primary.url("postgres"))
  await client.connect()
  try {
    await client.query("select pg_backup_start('standby', true)")
    await promisify(execFile)("cp", ["-a", join(primary.directory, "data"), data])
    const { rows } = await client.query("select labelfile from pg_backup_stop(false)")
    await rm(join(data, "postmaster.pid"))
    const files = { backup_label: rows[0].labelfile, "standby.signal": "" }
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(data, name), content)
      await own(join(data, name))
    }
  } finally {
    await client.end()
  }
}

function withOutages(server: PostgresServer): ReplicatedServer {
  const { stop } = server
  const signal = (name: NodeJS.Signals) => {
    for (const { pid } of processesIn(server.directory)) {
      try {
        process.kill(pid, name)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error // It has ended with another one.
      }
    }
  }
  const query = async (sql: string, database = "postgres") => {
    const client = new pg.Client(server.url(database))
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  return Object.assign(server, {
    query,
    async promote() {
      await query("select pg_promote()")
    },
    async kill() {
      signal("SIGKILL")
      await until(() => processesIn(server.directory).length === 0)
    },
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    async pauseReplay() {
      await query("select pg_wal_replay_pause()")
      await until(async () => (await query("select pg_get_wal_replay_pause_state() as state"))[0]?.state === "paused")
    },
    async resumeReplay() {
      await query("select pg_wal_replay_resume()")
    },
    async stop() {
      signal("SIGCONT")
      await stop()
    },
  })
}

/** Waits until `standby` has replayed what `primary` has written by now. */
async function waitFor(standby: ReplicatedServer, primary: ReplicatedServer): Promise<void> {
  const [written] = await primary.query<{ lsn: string }>("select pg_current_wal_lsn() as lsn")
  const isReplayed = `select pg_last_wal_replay_lsn() >= '${written?.lsn}' as done`
  await until(async () => (await standby.query<{ done: boolean }>(isReplayed))[0]?.done)
}
