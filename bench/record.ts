import { spawn } from "node:child_process"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { gzipSync } from "node:zlib"
import { modesFor } from "../src/adapters/history/directory.ts"
import { readManifest } from "../src/adapters/history/parquet/manifest.ts"
import { ParquetWriter } from "../src/adapters/history/parquet/writer.ts"
import { createTraffic } from "../src/demo/traffic/traffic.ts"
import { StreamEntry } from "../src/domain/stream-entry.ts"
import { NOTHING_READ, OWNER, SIGN } from "../test/support/nothing-read.ts"
import { MEMBERS, START_MS } from "../test/support/simulated-traffic.ts"
import { starter } from "./console.ts"
import { cpuSeconds, residentMegabytes } from "./measures.ts"
import { onPlatform } from "./platform.ts"
import { against, type BenchRow } from "./report.ts"
import { written } from "./writing.ts"

const SECONDS = 300
const BURST_SECONDS = 5
/** As the gateway trims its stream (contract, section 4). */
const KEEP = 10_000
const KEPT_ENTRIES = 500_000

/** The recorder at 5 000 entries/s with a burst of 20 000/s, and the size of what it keeps. */
export async function recordBench(): Promise<BenchRow[]> {
  return [...(await recording()), await kept()]
}

async function recording(): Promise<BenchRow[]> {
  const history = mkdtempSync(join(tmpdir(), "opsdeck-bench-"))
  try {
    return await onPlatform(async platform => {
      // As in packaging/opsdeck-recorder.service.
      const unit = { OPSDECK_HISTORY: history, MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "131072" }
      const env = { PATH: process.env.PATH, HOME: history, ...platform.environment, ...unit }
      const recorder = spawn(process.execPath, [starter, "record"], { env, stdio: ["ignore", "pipe", "inherit"] })
      await new Promise(resolve => recorder.stdout.once("data", resolve))
      const pid = recorder.pid as number
      const began = { cpu: cpuSeconds(pid), at: performance.now() }
      let resident = 0
      const watch = setInterval(() => {
        resident = Math.max(resident, residentMegabytes(pid))
      }, 500)
      const steady = await written(platform, { perSecond: 5_000, seconds: SECONDS, keep: KEEP })
      const used = (cpuSeconds(pid) - began.cpu) / ((performance.now() - began.at) / 1_000)
      const burst = await written(platform, { perSecond: 20_000, seconds: BURST_SECONDS, keep: KEEP })
      const all = steady.length + burst.length
      const lost = await lostOf(join(history, "gateway"), all)
      clearInterval(watch)
      recorder.kill("SIGTERM")
      await new Promise(resolve => recorder.once("exit", resolve))
      return [
        { name: "5 000/s for 5 minutes: CPU of the recorder", value: used, unit: "cores", target: { atMost: 0.5 } },
        { name: "with a burst of 20 000/s: memory", value: resident, unit: "MB", target: { atMost: 300 } },
        { name: `of ${all} entries in gaps`, value: lost, unit: "", target: { atMost: 0 } },
      ]
    })
  } finally {
    rmSync(history, { recursive: true, force: true })
  }
}

/** Answers how many entries are in gaps, once the history accounts for all. */
async function lostOf(directory: string, all: number): Promise<number> {
  for (;;) {
    const { files = [] } = (await readManifest(directory)) ?? {}
    const entries = files.reduce((sum, file) => sum + file.entries, 0)
    const lost = files.reduce((sum, file) => sum + file.lost, 0)
    if (entries + lost >= all) return lost
    await delay(500)
  }
}

/** Bytes that an entry of the demo's traffic takes, beside `gzip -6` of the same as lines of JSON. */
async function kept(): Promise<BenchRow> {
  const directory = mkdtempSync(join(tmpdir(), "opsdeck-bench-"))
  try {
    const writer = await ParquetWriter.open(directory, OWNER, await modesFor(undefined))
    const batch = await writer.newBatch()
    const traffic = createTraffic(MEMBERS, 1)
    const lines: string[] = []
    for (let n = 0; n < KEPT_ENTRIES; n++) {
      const id = `${START_MS + Math.floor(n / 5)}-${n % 5}`
      const request = traffic.requestAt(START_MS + Math.floor(n / 5))
      batch.add(StreamEntry.from(id, request), 0)
      lines.push(JSON.stringify({ id, ...Object.fromEntries(request) }))
    }
    await writer.save(batch, { position: NOTHING_READ, epoch: 0 }, SIGN)
    batch.close()
    const [file] = writer.manifest.files
    await writer.close()
    const bytes = statSync(join(directory, file?.name as string)).size / lines.length
    const gzipped = gzipSync(lines.join("\n"), { level: 6 }).length / lines.length
    return against(gzipped, {
      name: "an entry kept, beside gzip -6",
      value: bytes,
      unit: "bytes",
      target: { atMost: 0.6 },
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
