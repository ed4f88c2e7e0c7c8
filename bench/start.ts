import { spawn } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { build } from "esbuild"
import { Redis } from "ioredis"
import { root, starter, startInTerminal } from "./console.ts"
import { median } from "./measures.ts"
import { writePast } from "./past-history.ts"
import { type BenchPlatform, onPlatform, STREAM } from "./platform.ts"
import { against, type BenchRow } from "./report.ts"
import { pourNumbered } from "./requests.ts"

const RUNS = 15
/** Processes that keep a host busy: its load, where it has fewer cores. */
const LOAD = 8

/** Programs from their start to what they show, in turn, with warm compile caches; medians of 15 runs. */
export async function startBench(): Promise<BenchRow[]> {
  const directory = await mkdtemp(join(tmpdir(), "opsdeck-bench-"))
  try {
    const hello = await buildHello(directory)
    const history = join(directory, "history")
    await writePast(history, 1_000, Date.now())
    return await onPlatform(platform => measure(platform, hello, history))
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Milliseconds until each of the marks of a program. */
type Steps = readonly number[]

async function measure({ environment, redisUrl }: BenchPlatform, hello: string, history: string): Promise<BenchRow[]> {
  const redis = new Redis(redisUrl)
  const onLoadedHost = {
    node: () => timeUntil(["-e", "0"]),
    hello: () => timeUntil([hello], {}, "hello"),
    console: () => timeUntil([starter], environment, "opsdeck", "leave", "/n/"),
    log: () => timeUntil([starter, "log", "--limit", "1", "--json"], environment),
  }
  const programs = {
    ...onLoadedHost,
    recorded: () => timeUntil([starter], { ...environment, OPSDECK_HISTORY: history }, "opsdeck", "leave", "/n/"),
    version: () => timeUntil([starter, "--version"]),
  }
  let poured = 0
  const pour = () => {
    poured += 100
    return pourNumbered(redis, STREAM, poured - 100, poured, 10_000)
  }
  const alone = await inTurn(programs, pour)
  const load = Array.from({ length: LOAD }, () => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }))
  const loaded = await inTurn(onLoadedHost, pour).finally(() => {
    for (const one of load) one.kill()
  })
  redis.disconnect()
  const row = (reference: number, name: string, value: number, atMost: number) =>
    against(reference, { name, value, unit: "ms", target: { atMost } })
  const bars = (ms: (name: keyof typeof onLoadedHost, step?: number) => number, where: string) => [
    { name: `node -e 0${where}`, value: ms("node"), unit: "ms" },
    { name: `a bundled Ink hello, its frame${where}`, value: ms("hello"), unit: "ms" },
    row(ms("node"), `console, something useful${where} (beside node -e 0)`, ms("console", 0), 1.2),
    row(ms("hello"), `console, first full frame${where} (beside the hello)`, ms("console", 1), 1.1),
    row(ms("hello"), `console, first rows of the log${where} (beside the hello)`, ms("console", 2), 1.7),
    row(ms("node"), `opsdeck log --limit 1 --json${where} (beside node -e 0)`, ms("log"), 6),
  ]
  const recorded = (step: number) => alone("recorded", step)
  return [
    ...bars(alone, ""),
    against(alone("node"), { name: "opsdeck --version (beside node -e 0)", value: alone("version"), unit: "ms" }),
    row(alone("console", 1), "the same full frame with a history of seven days", recorded(1), 1.05),
    row(alone("console", 2), "the same first rows with it", recorded(2), 1.05),
    ...bars(loaded, `, at load ${LOAD}`),
  ]
}

/** Runs programs in turn, `RUNS` times each, and returns what answers the median of a step of one. */
async function inTurn<Name extends string>(
  programs: Readonly<Record<Name, () => Promise<Steps>>>,
  pour: () => Promise<void>,
): Promise<(name: Name, step?: number) => number> {
  const names = Object.keys(programs) as Name[]
  const runs = new Map(names.map(name => [name, [] as Steps[]]))
  for (let run = 0; run <= RUNS; run++) {
    await pour()
    for (const name of names) {
      const steps = await programs[name]()
      // The first run of each warms its compile cache.
      if (run > 0) runs.get(name)?.push(steps)
    }
  }
  return (name, step = 0) => median((runs.get(name) as Steps[]).map(steps => steps[step] as number))
}

/** Milliseconds from a program's start until each of `marks`, in order, was written; without marks, until its end. */
function timeUntil(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  ...marks: string[]
): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const times: number[] = []
    let output = ""
    const started = performance.now()
    const program = startInTerminal(argv, environment)
    program.onData(data => {
      output += data
      while (times.length < marks.length && output.includes(marks[times.length] as string)) {
        times.push(performance.now() - started)
      }
      if (marks.length > 0 && times.length === marks.length) program.kill("SIGTERM")
    })
    program.onExit(({ exitCode }) => {
      if (marks.length === 0 && exitCode === 0) resolve([performance.now() - started])
      else if (marks.length > 0 && times.length === marks.length) resolve(times)
      else reject(new Error(`${argv.join(" ")} ended with status ${exitCode}:\n${output}`))
    })
  })
}

/** The least that Ink can do, bundled and started as the console is. */
async function buildHello(directory: string): Promise<string> {
  await build({
    stdin: { contents: HELLO, resolveDir: root },
    outfile: join(directory, "hello.js"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    minifySyntax: true,
    minifyWhitespace: true,
    define: { "process.env.NODE_ENV": '"production"' },
    banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
    alias: { "react-devtools-core": join(root, "scripts/no-devtools.mjs") },
  })
  const file = join(directory, "start.mjs")
  await writeFile(file, START_HELLO)
  return file
}

const HELLO = `
import { render, Text } from "ink"
import { createElement } from "react"
setInterval(() => {}, 1000)
render(createElement(Text, null, "hello"), { alternateScreen: true, patchConsole: false })
`

const START_HELLO = `
process.env.NODE_ENV = "production"
const { enableCompileCache } = await import("node:module")
enableCompileCache()
await import("./hello.js")
`
