import { setTimeout as delay } from "node:timers/promises"
import { BenchConsole } from "./console.ts"
import { cpuSeconds, percentile } from "./measures.ts"
import { type BenchPlatform, onPlatform } from "./platform.ts"
import type { BenchRow } from "./report.ts"
import { type Load, written } from "./writing.ts"

const SECONDS = 20
const END = "G"
const ROWS_FIRST = 100

/** What comes, and how many cores the console may take meanwhile. */
const LOADS: readonly (Load & { readonly cores: number })[] = [
  // As the gateway trims its stream (contract, section 4).
  { perSecond: 2_000, seconds: SECONDS, keep: 10_000, cores: 0.5 },
  { perSecond: 5_000, seconds: SECONDS, keep: 1_000_000, cores: 1 },
]

/** The console in a terminal of 160x50, movers beside the log, while requests come: followed for 20 s, then worked with for 20 s. */
export async function liveBench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const { cores, ...load } of LOADS) {
    const measured = await onPlatform(async platform => [
      ...(await followed(platform, load, cores)),
      ...(await keysPressed(platform, load, cores)),
    ])
    rows.push(...measured.map(row => ({ ...row, name: `${load.perSecond}/s: ${row.name}` })))
  }
  return rows
}

async function followed(platform: BenchPlatform, load: Load, cores: number): Promise<BenchRow[]> {
  const console = new BenchConsole(platform.environment)
  await console.until(() => console.isLive)
  const shownAt: number[] = []
  const stop = console.watch(() => {
    const newest = console.newestNumber
    const now = Date.now()
    // A number that was scrolled past within one frame counts as shown with the frame.
    while (shownAt.length <= newest) shownAt.push(now)
  })
  const began = { cpu: cpuSeconds(console.pid), bytes: console.bytes, at: performance.now() }
  const sentAt = await written(platform, load)
  await console.until(() => console.newestNumber === sentAt.length - 1)
  const seconds = (performance.now() - began.at) / 1_000
  const cpu = (cpuSeconds(console.pid) - began.cpu) / seconds
  const bytes = (console.bytes - began.bytes) / seconds
  stop()
  await console.close()
  const latencies = sentAt.map((sent, number) => (shownAt[number] as number) - sent)
  return [
    { name: "from XADD to the screen, p50", value: percentile(latencies, 50), unit: "ms" },
    { name: "from XADD to the screen, p95", value: percentile(latencies, 95), unit: "ms", target: { atMost: 300 } },
    { name: "CPU of the console, both threads", value: cpu, unit: "cores", target: { atMost: cores } },
    { name: "written to the terminal", value: bytes / 1_024, unit: "KB/s" },
  ]
}

async function keysPressed(platform: BenchPlatform, load: Load, atMost: number): Promise<BenchRow[]> {
  const { latencies, cores } = await workedWith(platform, load)
  return [
    { name: "from key to paint, p50", value: percentile(latencies, 50), unit: "ms" },
    { name: "from key to paint, p95", value: percentile(latencies, 95), unit: "ms", target: { atMost: 50 } },
    { name: "CPU of the console while keys are pressed", value: cores, unit: "cores", target: { atMost } },
  ]
}

/** Presses keys while requests come: after how many ms each was on the screen, and how many cores the console took. */
export async function workedWith(
  platform: BenchPlatform,
  load: Load,
): Promise<{ readonly latencies: readonly number[]; readonly cores: number }> {
  const console = new BenchConsole(platform.environment)
  await console.until(() => console.isLive)
  let writing = true
  const writer = written(platform, load).finally(() => {
    writing = false
  })
  // Keys lead somewhere once there are rows.
  await console.until(() => console.newestNumber > ROWS_FIRST)
  const latencies: number[] = []
  const cpu = cpuSeconds(console.pid)
  const began = performance.now()
  while (writing) {
    for (const key of ["k", "k", "k", "j", "k", END]) {
      await delay(200 + Math.random() * 100)
      latencies.push(await pressed(console, key))
    }
  }
  const cores = (cpuSeconds(console.pid) - cpu) / ((performance.now() - began) / 1_000)
  await writer
  await console.close()
  return { latencies, cores }
}

/** Presses a key and answers after how many ms its effect was on the screen. */
export async function pressed(console: BenchConsole, key: string): Promise<number> {
  const before = console.selectedRow
  const hasMoved = () => console.selectedRow !== before && console.selectedRow !== -1
  const effect = key === END ? () => console.isLive : console.isLive ? () => console.isPaused : hasMoved
  const started = performance.now()
  console.press(key)
  await console.until(effect)
  return performance.now() - started
}
