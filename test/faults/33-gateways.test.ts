import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { startOpsdeck, temporaryDirectory } from "../support/program.ts"
import { Terminal } from "../support/terminal.ts"
import { until } from "../support/waiting.ts"
import { Oracle } from "./support/oracle.ts"
import { Platform } from "./support/platform.ts"
import { saved } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { Writer } from "./support/writer.ts"

const platform = new Platform()
const kills = sized({ short: 1, full: 20 })
/** Entries a second of each gateway. */
const RATE = 1_000
const KEEP = 1_000_000
/** How long one is away, each time longer, in ms. */
const AWAY_MS = 300

scenario(
  {
    number: 33,
    title: "the Redis of one of two gateways killed -9 and started again from its append-only file",
    load: `${kills} times, ${RATE} entries/s each`,
    passes:
      "every entry of both once and in the order of its gateway, for console and command; the other one goes on meanwhile, and the console says which is away; live within 5 s of its return",
    inSubset: true,
  },
  async measure => {
    const [eu, us] = [await startMortalRedis(), await startMortalRedis()]
    const gateways = [
      { name: "eu", redisUrl: `${eu.url}/1` },
      { name: "us", redisUrl: `${us.url}/1` },
    ]
    const environment = { ...platform.environment(eu.port), XDG_CONFIG_HOME: profileOf({ gateways }) }
    const writers = [eu, us].map(redis => new Writer(`${redis.url}/1`, platform.stream, KEEP)) as [Writer, Writer]
    const oracles = { eu: new Oracle(), us: new Oracle() }
    for (const writer of writers) {
      writer.rate = RATE
      await writer.more(RATE)
    }
    startOpsdeck(["log", "--follow", "--json", "--since", "0-0"], environment, line => {
      const { gateway, path } = JSON.parse(line) as { gateway: "eu" | "us"; path: string }
      oracles[gateway].entry(Number(path.slice("/n/".length)))
    })
    const terminal = Terminal.opsdeck([], environment)
    await terminal.see("● eu", "● us")
    const took: number[] = []
    for (let kill = 0; kill < kills; kill++) {
      await Promise.all(writers.map(writer => writer.more(RATE)))
      await us.kill()
      await terminal.see("● live", "▲ us reconnecting")
      const { next } = oracles.eu
      await until(() => oracles.eu.next > next + RATE)
      await delay(kill * AWAY_MS)
      await us.restart()
      const from = performance.now()
      const known = oracles.us.next
      await Promise.all([until(() => oracles.us.next > known), terminal.see("● us")])
      took.push((performance.now() - from) / 1_000)
    }
    await Promise.all(writers.map(writer => writer.more(RATE)))
    const written = { eu: await writers[0].end(), us: await writers[1].end() }
    for (const gateway of ["eu", "us"] as const) {
      await until(() => oracles[gateway].next >= written[gateway])
      oracles[gateway].holds(written[gateway])
    }
    const all = written.eu + written.us
    for (const gateway of ["eu", "us"] as const) {
      const oracle = new Oracle()
      for (const number of await allSaved(terminal, gateway, written[gateway])) oracle.entry(number)
      oracle.holds(written[gateway])
    }
    measure("written, and had once by the command and by the console", all, "entries")
    measure("both are live again after, worst", Math.max(...took), "s", { atMost: 5 })
  },
)

/** The numbers that the console has of a gateway, once it has read the last of those that were written. */
const allSaved = (terminal: Terminal, gateway: string, written: number) =>
  until(async () => {
    const numbers = await saved(terminal, gateway)
    return numbers.at(-1) === written - 1 && numbers
  })

/** A directory of settings, with a profile that is the default. */
function profileOf(profile: object): string {
  const home = temporaryDirectory()
  mkdirSync(join(home, "opsdeck"))
  const content = { profiles: { several: profile }, defaultProfile: "several" }
  writeFileSync(join(home, "opsdeck/config.json"), JSON.stringify(content), { mode: 0o600 })
  return home
}
