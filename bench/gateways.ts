import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { starter } from "./console.ts"
import { cpuSeconds } from "./measures.ts"
import { type BenchPlatform, onPlatform, STREAM } from "./platform.ts"
import { against, type BenchRow } from "./report.ts"
import { written } from "./writing.ts"

const GATEWAYS = 16
const LOAD = { perSecond: 8_000, seconds: 20, keep: 10_000 }
/** Nothing of it is printed: what is measured is reading and merging. */
const FILTER = "path:/none"
/** At most twice what one gateway with all of the load costs. */
const TARGET = { atMost: 2 }

/** What it costs to follow several gateways, beside one with the load of all. */
export async function gatewaysBench(): Promise<BenchRow[]> {
  return onPlatform(async platform => {
    const streams = Array.from({ length: GATEWAYS }, (_, i) => `${STREAM}:${i}`)
    const one = await cores(platform, [STREAM])
    const several = await cores(platform, streams)
    return [
      { name: "one gateway: CPU of opsdeck log --follow", value: one, unit: "cores" },
      against(one, { name: `${GATEWAYS} gateways`, value: several, unit: "cores", target: TARGET }),
    ]
  })
}

/** Cores that following these streams takes, each of them a gateway of its own where there are several. */
async function cores(platform: BenchPlatform, streams: readonly string[]): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), "opsdeck-bench-"))
  try {
    mkdirSync(join(home, ".config/opsdeck"), { recursive: true })
    const gateways = streams.map((stream, i) => ({ name: `gateway${i}`, stream }))
    const profile = streams.length === 1 ? {} : { gateways }
    const content = { profiles: { bench: profile }, defaultProfile: "bench" }
    writeFileSync(join(home, ".config/opsdeck/config.json"), JSON.stringify(content), { mode: 0o600 })
    const env = { PATH: process.env.PATH, HOME: home, ...platform.environment }
    const argv = [starter, "log", "--follow", FILTER, "--json", "--since", "0-0"]
    const follower = spawn(process.execPath, argv, { env, stdio: ["ignore", "ignore", "inherit"] })
    const pid = follower.pid as number
    // It has started once it has read what there is at first.
    await written(platform, { perSecond: 1_000, seconds: 2, keep: LOAD.keep }, streams)
    const began = { cpu: cpuSeconds(pid), at: performance.now() }
    await written(platform, LOAD, streams)
    const used = (cpuSeconds(pid) - began.cpu) / ((performance.now() - began.at) / 1_000)
    follower.kill("SIGTERM")
    await once(follower, "exit")
    return used
  } finally {
    rmSync(home, { recursive: true })
  }
}
