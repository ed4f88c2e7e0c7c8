import { createReadStream } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { numbersOn } from "../../support/log-view.ts"
import { type Environment, startOpsdeck, temporaryDirectory } from "../../support/program.ts"
import type { Terminal } from "../../support/terminal.ts"
import { until } from "../../support/waiting.ts"
import { Oracle } from "./oracle.ts"

/** `opsdeck log --follow --json` from the start of the stream, every line of it judged as it comes. */
export class Follower {
  readonly oracle = new Oracle()
  readonly pid: number
  readonly notes: () => string

  constructor(env: Environment) {
    const running = startOpsdeck(["log", "--follow", "--json", "--since", "0-0"], env, line => this.take(line))
    this.pid = running.process.pid as number
    this.notes = running.stderr
  }

  /** Waits until it has something behind the number `next`. Before the first of all it would end where Redis is out of reach. */
  async reads(next = 0): Promise<void> {
    await until(() => this.oracle.next > next).catch(() => {
      throw new Error(`it still waits for ${next}, and said:\n${this.notes()}`)
    })
  }

  /** Waits until it has accounted for `written` entries, and judges. */
  async accountsFor(written: number): Promise<void> {
    await until(() => this.oracle.next >= written).catch(() => {})
    this.oracle.holds(written)
  }

  private take(line: string): void {
    const [, number] = /"path":"\/n\/(\d+)"/.exec(line) ?? []
    if (number !== undefined) this.oracle.entry(Number(number))
    else this.told(JSON.parse(line))
  }

  private told({ event, lost, failover }: { event: string; lost: number; failover?: true }): void {
    if (failover) this.oracle.failover()
    else if (event === "gap") this.oracle.gap(lost)
    else if (event === "reset") this.oracle.reset()
    else throw new Error(`an entry without a number: ${event}`)
  }
}

/**
 * Judges what the console holds, back to the start of the stream, once `written` entries are there: the entries as it
 * saves them, the gaps as their rows say. `held`: where neither ring nor stream holds the first ones any more. Changes
 * its filter.
 */
export async function judgeConsole(terminal: Terminal, written: number, from?: "held"): Promise<Oracle> {
  const numbers = await saved(terminal)
  const { gaps, resets, failovers } = await markersShown(terminal)
  const oracle = new Oracle(from === "held" ? numbers[0] : 0)
  for (let reset = 0; reset < resets; reset++) oracle.reset()
  for (let failover = 0; failover < failovers; failover++) oracle.failover()
  for (const number of numbers) {
    while (oracle.next < number && gaps.length > 0) oracle.gap(gaps.shift() as number)
    oracle.entry(number)
  }
  for (const gap of gaps) oracle.gap(gap)
  oracle.holds(written)
  return oracle
}

/** The numbers of all entries that the console has, oldest first; of one gateway where there are several. */
export async function saved(terminal: Terminal, gateway?: string): Promise<number[]> {
  const path = join(temporaryDirectory(), "log.ndjson")
  await terminal.press("ctrl-s").see("Save the log entries")
  await terminal.press("ctrl-u").type(path).see("log.ndjson")
  terminal.press("enter")
  await until(() => /\d log entries saved to/.test(terminal.screen))
  const numbers: number[] = []
  for await (const line of createInterface(createReadStream(path))) {
    if (gateway !== undefined && !line.includes(`"gateway":"${gateway}"`)) continue
    numbers.push(Number(/"path":"\/n\/(\d+)"/.exec(line)?.[1]))
  }
  return numbers.reverse()
}

/** The sizes of the gaps in the log, oldest first, and how many resets: their rows are shown whatever the filter. */
async function markersShown(terminal: Terminal): Promise<{ gaps: number[]; resets: number; failovers: number }> {
  // Said once the filter is through with the ring, and as far with the stream before it as it goes unasked.
  await terminal
    .press("/")
    .type("path:/none\r")
    .see(/searched back to|start of the stream/i)
  const gaps = terminal.rows.flatMap(row => {
    const [, size] = /([\d\s]+) entr(?:y was|ies were) trimmed/.exec(row) ?? []
    return size === undefined ? [] : Number(size.replaceAll(/\s/g, ""))
  })
  const count = (text: string) => terminal.rows.filter(row => row.includes(text)).length
  return { gaps, resets: count("the stream was recreated"), failovers: count("failover: ") }
}

/** After how many seconds from now the console says that what it shows is old. */
export async function staleAfter(terminal: Terminal): Promise<number> {
  const from = performance.now()
  await terminal.see(/▲ (stale for|reconnecting)/)
  return (performance.now() - from) / 1_000
}

/** After how many seconds from now the two have something newer than they have now. */
export async function liveAgain(terminal: Terminal, follower: Follower): Promise<{ console: number; command: number }> {
  const from = performance.now()
  const passed = () => (performance.now() - from) / 1_000
  const newest = numbersOn(terminal).at(-1) ?? -1
  const { next } = follower.oracle
  const isLive = () => terminal.screen.includes("● live") && (numbersOn(terminal).at(-1) ?? -1) > newest
  const [console, command] = await Promise.all([
    terminal.wait(isLive, "not live again").then(passed),
    follower.reads(next).then(passed),
  ])
  return { console, command }
}
