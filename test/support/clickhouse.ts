import { type ChildProcess, spawn } from "node:child_process"
import { mkdir, mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { afterAll, beforeAll } from "vitest"
import { ClickHouse } from "../../src/adapters/history/clickhouse/client.ts"
import type { ClickHouseServer } from "../../src/config/history.ts"
import { freePort } from "../../src/demo/free-port.ts"
import { installedProgram } from "./installed-program.ts"
import { until } from "./waiting.ts"

/** A ClickHouse of a test's own. */
export interface MortalClickHouse {
  readonly port: number
  /** A database of it, by way of another port where one is given. */
  database(name: string, port?: number): ClickHouseServer
  /** Makes the database. */
  create(name: string): Promise<ClickHouseServer>
  /** Ends the server without a word. */
  kill(): Promise<void>
  /** Starts it again with what it had; resolves when it answers. */
  restart(): Promise<void>
  freeze(): void
  thaw(): void
}

const USER = "recorder"
const PASSWORD = "not a secret"

/** Why a test of ClickHouse is skipped. */
export const NO_CLICKHOUSE = "there is no clickhouse-server on this machine, and none could be installed"

/** Whether this machine has the server (scripts/prepare.mjs installs it where it may). */
export const hasClickHouse = (): boolean => installedProgram("clickhouse-server") !== undefined

/** What a history is kept in; one that this machine lacks is left out. */
export const HISTORY_ENGINES = ["DuckDB", ...(hasClickHouse() ? ["ClickHouse"] : [])]

/** Starts a server in `directory`, on a free port of the loopback address. */
export async function startClickHouse(directory: string): Promise<MortalClickHouse> {
  const program = installedProgram("clickhouse-server") as string
  const port = await freePort()
  const file = join(directory, "config.xml")
  await mkdir(directory, { recursive: true })
  await writeFile(file, configuration(directory, port))
  await writeFile(join(directory, "users.xml"), USERS)
  let child: ChildProcess
  const start = async () => {
    child = spawn(program, [`--config-file=${file}`], { cwd: directory, stdio: "ignore" })
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/ping`).then(
        answer => answer.ok,
        () => false,
      )
    while (!(await answers())) {
      if (child.exitCode !== null) throw new Error(`clickhouse-server ended with status ${child.exitCode}`)
      await delay(50)
    }
  }
  const database = (name: string, at = port) => ({
    name: `clickhouse://${USER}@127.0.0.1:${at}/${name}`,
    url: `http://127.0.0.1:${at}`,
    username: USER,
    password: PASSWORD,
    database: name,
  })
  await start()
  return {
    port,
    database,
    async create(name) {
      const clickhouse = await ClickHouse.open(database("default"))
      await clickhouse.run(`create database ${name}`)
      await clickhouse.close()
      return database(name)
    },
    async kill() {
      child.kill("SIGCONT")
      child.kill("SIGKILL")
      await until(() => child.signalCode !== null)
    },
    restart: start,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
  }
}

/** A server for the tests of a file, and a database of it for each that asks; none is started where this machine has none. */
export function clickHouseForTests() {
  let server: MortalClickHouse
  let databases = 0
  beforeAll(async () => {
    if (hasClickHouse()) server = await startClickHouse(await mkdtemp(join(tmpdir(), "opsdeck-clickhouse-")))
  })
  afterAll(() => server?.kill())
  return {
    create: () => server.create(`test_${databases++}`),
    /** The database `name`, by way of another port where one is given. */
    database: (name: string, port?: number) => server.database(name, port),
    get port() {
      return server.port
    },
  }
}

const configuration = (directory: string, port: number) => `<yandex>
  <logger><level>none</level></logger>
  <http_port>${port}</http_port>
  <listen_host>127.0.0.1</listen_host>
  <path>${directory}/data/</path>
  <tmp_path>${directory}/tmp/</tmp_path>
  <format_schema_path>${directory}/schemas/</format_schema_path>
  <users_config>users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <mark_cache_size>5368709</mark_cache_size>
</yandex>
`

const USERS = `<yandex>
  <profiles><default></default></profiles>
  <quotas><default></default></quotas>
  <users><${USER}>
    <password>${PASSWORD}</password>
    <networks><ip>127.0.0.1</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
  </${USER}></users>
</yandex>
`
