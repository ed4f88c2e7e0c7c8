import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { expect } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import { temporaryDirectory } from "../support/program.ts"
import { COOKED, consoleUnder, crashing, openShell, processesOn, seePrompt, startConsole } from "../support/shell.ts"
import { Terminal } from "../support/terminal.ts"
import { MODES_AT_FIRST } from "../support/terminal-screen.ts"
import { until } from "../support/waiting.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { startTraffic } from "./support/traffic.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

/** What an operator is doing when the end comes. */
const MOMENTS = {
  "while it starts": async (terminal: Terminal) => terminal.wait(() => terminal.onAlternateScreen, "nothing begins"),
  "in the log": async (terminal: Terminal) => void (await terminal.see("● live")),
  "while a filter is typed": async (terminal: Terminal, input: Terminal) => {
    await terminal.see("● live")
    input.type("/path:/n")
    await terminal.see("/ path:/n")
  },
  "under the help": async (terminal: Terminal, input: Terminal) => {
    await terminal.see("● live")
    input.type("?")
    await terminal.see("Help: Log")
  },
}
/** In so long more is drawn than a pseudo-terminal holds. */
const UNREAD_MS = 5_000
type Moment = keyof typeof MOMENTS
const MOMENTS_TRIED = sized<readonly Moment[]>({
  short: ["while a filter is typed"],
  full: Object.keys(MOMENTS) as Moment[],
})

/** Entries go on coming, so that there is always something on its way to the terminal. */
async function openStream(): Promise<string> {
  const stream = newStream()
  await gateway.add(stream, numbered(50))
  startTraffic(gateway, stream, 50)
  return stream
}

/** How long it takes from `end` until of the processes on `stream` only `left` are there, in ms. */
async function msUntilGone(stream: string, end: () => void, left: readonly number[] = []): Promise<number> {
  const began = performance.now()
  end()
  const isGone = () => processesOn(stream).every(pid => left.includes(pid))
  await until(isGone)
  return performance.now() - began
}

const settingsOf = async (terminal: Terminal) => {
  terminal.type("clear; stty -g\r")
  await terminal.see(/^[0-9a-f:]{40,}$/m)
  await seePrompt(terminal)
  return /^[0-9a-f:]{40,}$/m.exec(terminal.screen)?.[0]
}

interface Way {
  readonly status: number
  readonly environment?: (crash: string) => Record<string, string>
  /** Whether input comes from another terminal than the shell's. */
  readonly otherInput?: true
  end(pid: number, crash: string, input: Terminal): void
}

const bySignal = (signal: NodeJS.Signals, status: number): Way => ({ status, end: pid => process.kill(pid, signal) })

const byCrash = (thread: "main" | "tail", by: "throw" | "rejection" | "render"): Way => ({
  status: 1,
  environment: crash => crashing(crash, thread, by),
  end: (_, crash) => writeFileSync(crash, ""),
})

const WAYS: Readonly<Record<string, Way>> = {
  SIGHUP: bySignal("SIGHUP", 129),
  SIGTERM: bySignal("SIGTERM", 143),
  "end of input": { status: 129, otherInput: true, end: (_, __, input) => input.hangUp() },
  throw: byCrash("main", "throw"),
  "throw in the tail": byCrash("tail", "throw"),
  rejection: byCrash("main", "rejection"),
  "rejection in the tail": byCrash("tail", "rejection"),
  "render error": byCrash("main", "render"),
}

/** Ends a console that was started from a shell; answers how long that took, in ms. */
async function endUnderShell(way: Way, moment: Moment): Promise<number> {
  const stream = await openStream()
  const crash = join(temporaryDirectory(), "now")
  const shell = await openShell({ ...operations.environment(stream), ...way.environment?.(crash) })
  const settings = await settingsOf(shell)
  // Begun after the shell, which would otherwise have inherited it, and keep it from going away.
  const input = way.otherInput ? Terminal.run(["sleep", "infinity"], {}) : shell
  startConsole(shell, way.otherInput && `< ${input.device}`)
  await MOMENTS[moment](shell, input)
  const ms = await msUntilGone(stream, () => way.end(consoleUnder(shell, stream), crash, input), [shell.process.pid])
  await seePrompt(shell)
  shell.type("echo status=$?; stty -a\r")
  await shell.see(`status=${way.status}`, COOKED)
  expect(shell.modes).toEqual(MODES_AT_FIRST)
  expect(shell.requests).toEqual([])
  if (way.environment) expectReport(shell)
  expect(await settingsOf(shell)).toBe(settings)
  return ms
}

/** One line for whoever sits there, and the whole story in the log file; neither holds what should stay secret. */
function expectReport(shell: Terminal): void {
  const [, path = ""] = /the details are in (\S+)/.exec(shell.output) ?? []
  expect(shell.screen.match(/opsdeck: .*a bug/g)).toHaveLength(1)
  const log = readFileSync(path, "utf8")
  expect(log).toMatch(/TypeError: .*a bug.*\n +at /)
  for (const text of [shell.output, log]) expect(text.includes("0123456789abcdef"), "the secret is out").toBe(false)
}

/** Closes the terminal of a console; answers how long it took until nothing was left of it, in ms. */
async function closeTerminal(moment: Moment | "stopped", underShell: boolean): Promise<number> {
  const stream = await openStream()
  const terminal = underShell ? await openShell(operations.environment(stream)) : operations.open(stream)
  if (underShell) startConsole(terminal)
  await MOMENTS[moment === "stopped" ? "in the log" : moment](terminal, terminal)
  if (moment === "stopped") {
    terminal.press("ctrl-z")
    await terminal.see("Stopped")
  }
  return msUntilGone(stream, () => terminal.hangUp())
}

/** Ends a console whose terminal takes no output any more; answers how long that took, in ms. */
async function endUnread(signal: NodeJS.Signals): Promise<number> {
  const stream = await openStream()
  const terminal = operations.open(stream)
  await MOMENTS["in the log"](terminal)
  terminal.process.pause()
  // Nobody outside can see when nothing more fits between the two.
  await delay(UNREAD_MS)
  return msUntilGone(stream, () => process.kill(terminal.process.pid, signal))
}

scenario(
  {
    number: 17,
    title: "Every way to end",
    load: `${Object.keys(WAYS).join(", ")}, closed terminal, signals while it is not read; ${MOMENTS_TRIED.join(", ")}`,
    passes:
      "gone within 2 s, no orphan; the terminal, where it takes output, as it was; status not 0; the report readable",
    inSubset: true,
  },
  async measure => {
    for (const [name, way] of Object.entries(WAYS)) {
      const times: number[] = []
      for (const moment of MOMENTS_TRIED) times.push(await endUnderShell(way, moment))
      measure(`gone after ${name}`, Math.max(...times), "ms", { atMost: 2_000 })
    }
    const closed: number[] = []
    for (const moment of [...MOMENTS_TRIED, "stopped"] as const) {
      closed.push(await closeTerminal(moment, true))
      if (moment !== "stopped") closed.push(await closeTerminal(moment, false))
    }
    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
      const name = `gone after ${signal}, its terminal not read`
      measure(name, await endUnread(signal), "ms", { atMost: 2_000 })
    }
    measure("gone after closed terminal", Math.max(...closed), "ms", { atMost: 2_000 })
  },
)
