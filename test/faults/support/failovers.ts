import type { Environment } from "../../support/program.ts"
import { Terminal } from "../../support/terminal.ts"
import { Follower, judgeConsole } from "./readers.ts"
import { sized } from "./size.ts"
import { Writer } from "./writer.ts"

/** Entries a second around a failover of Redis, and while the next one is prepared. */
export const RATE = 2_000
export const CALM = 100
/** Entries before and after each. */
export const MORE = sized({ short: 500, full: RATE })
/** In every other failover the replica has not heard of what was written for so long, in ms. */
export const CUT_OFF_MS = 150

/** Writes to `stream` at `url`, of which it keeps `keep`, and reads it with command and console, which are live by then. */
export async function underLoad(environment: Environment, url: string, stream: string, keep: number) {
  const writer = new Writer(url, stream, keep)
  writer.rate = RATE
  await writer.more(MORE)
  const follower = new Follower(environment)
  const terminal = Terminal.opsdeck([], environment)
  await terminal.see("● live")
  await follower.reads()
  return {
    writer,
    follower,
    terminal,
    /** Ends the writing, has `look` see what is there then, and judges what both readers told; `held` as `judgeConsole` has it. */
    async end(look: () => Promise<void>, held: "held" | undefined) {
      const written = await writer.end()
      await look()
      await follower.accountsFor(written)
      await terminal.see("● live", `/n/${written - 1}`)
      return { written, oracle: await judgeConsole(terminal, written, held) }
    },
  }
}
