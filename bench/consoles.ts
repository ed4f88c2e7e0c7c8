import { readdirSync } from "node:fs"
import type { IPty } from "@lydell/node-pty"
import { starter, startInTerminal } from "./console.ts"
import { cpuSeconds, processFields, TICKS_PER_SECOND } from "./measures.ts"
import { type BenchPlatform, onPlatform } from "./platform.ts"
import { against, type BenchRow } from "./report.ts"
import { written } from "./writing.ts"

const ONE = 1
const MORE = [10, 50]
const ENTRIES = 1_000
const UNIT = "ms"
/** As the gateway trims its stream (contract, section 4). */
const LOAD = { perSecond: 500, seconds: 20, keep: 10_000 }
/** Fifty consoles cost Redis less than ten times what one does, the writing of the requests included. */
const TARGET = { atMost: 10 }

/** What consoles that are open at once cost Redis and PostgreSQL while requests come. */
export function consolesBench(): Promise<BenchRow[]> {
  return onPlatform(async platform => {
    const rows: BenchRow[] = []
    let one: Cost | undefined
    for (const number of [0, ONE, ...MORE]) {
      const { redis, postgres } = await costOf(platform, number)
      const name = number === ONE ? "1 console" : `${number} consoles`
      const ofRedis = { name: `${name}: CPU of Redis for 1 000 entries`, value: redis, unit: UNIT }
      const ofPostgres = { name: `${name}: CPU of PostgreSQL meanwhile`, value: postgres, unit: UNIT }
      rows.push(one ? against(one.redis, { ...ofRedis, target: TARGET }) : ofRedis)
      rows.push(one ? against(one.postgres, ofPostgres) : ofPostgres)
      if (number === ONE) one = { redis, postgres }
    }
    return rows
  })
}

/** CPU time of the servers for so many entries: fifty consoles keep a small machine so busy that these come later. */
interface Cost {
  readonly redis: number
  readonly postgres: number
}

async function costOf(platform: BenchPlatform, consoles: number): Promise<Cost> {
  const opened: IPty[] = []
  try {
    // One after another: what is measured is being open, not starting.
    for (let count = 0; count < consoles; count++) opened.push(await openConsole(platform))
    const used = () => ({ redis: cpuSeconds(platform.redisPid), postgres: cpuOfTree(platform.postgresPid) })
    const before = used()
    const { length } = await written(platform, LOAD)
    const after = used()
    const each = (from: number, to: number) => ((to - from) * 1_000) / (length / ENTRIES)
    return { redis: each(before.redis, after.redis), postgres: each(before.postgres, after.postgres) }
  } finally {
    await Promise.all(opened.map(ended))
  }
}

/** A console whose log is live; nobody looks at what it draws. */
function openConsole({ environment }: BenchPlatform): Promise<IPty> {
  return new Promise(resolve => {
    const console = startInTerminal([starter], environment)
    let seen = ""
    const looking = console.onData(data => {
      seen += data
      if (!/live/.test(seen)) return
      looking.dispose()
      // What it draws is still to be taken.
      console.onData(() => {})
      resolve(console)
    })
  })
}

const ended = (console: IPty): Promise<void> =>
  new Promise(resolve => {
    console.onExit(() => resolve())
    console.kill("SIGTERM")
  })

/** CPU seconds of a process and of those that it started, those that have ended included. */
function cpuOfTree(pid: number): number {
  const children = readdirSync("/proc").filter(id => /^\d+$/.test(id) && fieldsOf(id)[1] === String(pid))
  const seconds = (id: string, from: number, to: number) =>
    fieldsOf(id)
      .slice(from, to)
      .reduce((sum, ticks) => sum + Number(ticks) / TICKS_PER_SECOND, 0)
  return children.reduce((sum, id) => sum + seconds(id, 11, 13), seconds(String(pid), 11, 15))
}

/** What /proc tells of a process; nothing of one that has ended. */
function fieldsOf(id: string): readonly string[] {
  try {
    return processFields(id)
  } catch {
    return []
  }
}
