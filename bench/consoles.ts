import { readdirSync, readFileSync } from "node:fs"
import type { IPty } from "@lydell/node-pty"
import { starter, startInTerminal } from "./console.ts"
import { cpuSeconds, TICKS_PER_SECOND } from "./measures.ts"
import { type BenchPlatform, onPlatform } from "./platform.ts"
import { against, type BenchRow } from "./report.ts"
import { written } from "./writing.ts"

const NUMBERS = [1, 10, 50]
/** As the gateway trims its stream (contract, section 4). */
const LOAD = { perSecond: 500, seconds: 20, keep: 10_000 }
/** Fifty consoles cost Redis less than ten times what one does, the writing of the requests included. */
const TARGET = { atMost: 10 }

/** What consoles that are open at once cost Redis and PostgreSQL while requests come. */
export function consolesBench(): Promise<BenchRow[]> {
  return onPlatform(async platform => {
    const rows: BenchRow[] = []
    const none = await costOf(platform, 0)
    let one: Cost | undefined
    for (const number of NUMBERS) {
      const cost = await costOf(platform, number)
      one ??= cost
      const name = number === 1 ? "1 console" : `${number} consoles`
      const redis = {
        name: `${name}: CPU of Redis (without one: ${none.redis.toFixed(3)})`,
        value: cost.redis,
        unit: "cores",
      }
      const postgres = { name: `${name}: CPU of PostgreSQL`, value: cost.postgres, unit: "cores" }
      rows.push(
        ...(number === 1
          ? [redis, postgres]
          : [against(one.redis, { ...redis, target: TARGET }), against(one.postgres, postgres)]),
      )
    }
    return rows
  })
}

/** Cores that the servers take. */
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
    const [before, at] = [used(), performance.now()]
    await written(platform, LOAD)
    const [after, seconds] = [used(), (performance.now() - at) / 1_000]
    return { redis: (after.redis - before.redis) / seconds, postgres: (after.postgres - before.postgres) / seconds }
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

/** What /proc tells of a process behind its name; nothing of one that has ended. */
function fieldsOf(id: string): readonly string[] {
  try {
    return readFileSync(`/proc/${id}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")
  } catch {
    return []
  }
}
