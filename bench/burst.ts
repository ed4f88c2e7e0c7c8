import { BenchConsole } from "./console.ts"
import { cpuSeconds } from "./measures.ts"
import { type BenchPlatform, onPlatform } from "./platform.ts"
import type { BenchRow } from "./report.ts"
import { type Load, written } from "./writing.ts"

const BURST: Load = { perSecond: 20_000, seconds: 5, keep: 1_000_000 }
const ENTRIES = BURST.perSecond * BURST.seconds
/** A filter that no request passes: of what is held, only the signs of a loss stay in sight. */
const NOTHING = "path:/none"

/** The console in a terminal of 160x50, following a burst: what it has counted, lost, and how far it falls behind. */
export function burstBench(): Promise<BenchRow[]> {
  return onPlatform(followed)
}

async function followed(platform: BenchPlatform): Promise<BenchRow[]> {
  const console = new BenchConsole(platform.environment)
  await console.until(() => console.isLive)
  const began = { cpu: cpuSeconds(console.pid), at: performance.now() }
  const sentAt = await written(platform, BURST)
  const last = performance.now()
  await console.until(() => console.newestNumber === ENTRIES - 1)
  const behind = performance.now() - last
  const cpu = (cpuSeconds(console.pid) - began.cpu) / ((performance.now() - began.at) / 1_000)
  console.press(`/${NOTHING}\r`)
  await console.until(() => console.held !== undefined)
  const rows: BenchRow[] = [
    { name: "requests counted", value: console.held as number, unit: "", target: { atLeast: sentAt.length } },
    { name: "losses told", value: console.losses, unit: "", target: { atMost: 0 } },
    { name: "the last one's way to the screen", value: behind, unit: "ms" },
    { name: "CPU of the console, both threads", value: cpu, unit: "cores" },
  ]
  await console.close()
  return rows
}
