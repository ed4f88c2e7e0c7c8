import { COLOURS } from "../../config/settings.ts"
import type { Config } from "../../config.ts"
import { ENTER_ALTERNATE, eraseRows, LEAVE_ALTERNATE } from "./alternate-screen.ts"

const HIDE_CURSOR = "\x1b[?25l"
const SHOW_CURSOR = "\x1b[?25h"
/** SGR code of the first colour. */
const FIRST_COLOUR = 31
const HOME_AND_ERASE = "\x1b[H\x1b[J"

/** Signals that end a program. */
export const ENDING: readonly NodeJS.Signals[] = ["SIGHUP", "SIGINT", "SIGTERM"]

export interface Skeleton {
  /** Undoes everything, for the case that Ink never takes over. */
  restore(): void
  /** Ink has taken over: it restores the terminal after a signal and a crash, too. */
  handOver(): void
}

/**
 * Paints the first screen before React and Ink are loaded: the environment, and that opsdeck is starting. Raw mode
 * comes first, so that keys typed meanwhile wait instead of being echoed.
 */
export function paintSkeleton({ environment, colour, readOnly }: Config): Skeleton {
  const { stdin, stdout } = process
  stdin.setRawMode(true)
  const name = environment.replace(/[^\x20-\x7e]/g, "?")
  const rule = "─".repeat(stdout.columns)
  const painted = colour === undefined || process.env.NO_COLOR ? "" : `\x1b[${FIRST_COLOUR + COLOURS.indexOf(colour)}m`
  const badge = `\x1b[1;7m${painted} ${name} \x1b[m`
  const access = readOnly === undefined ? "" : "  read-only"
  const lines = [` \x1b[1mopsdeck\x1b[22m  ${badge}${access}`, "", rule, " ○ starting"]
  stdout.write(ENTER_ALTERNATE + HIDE_CURSOR + HOME_AND_ERASE + lines.join("\r\n"))
  let isOurs = true
  const restore = () => {
    if (stdin.isRaw) stdin.setRawMode(false)
    // A second time would move the cursor back to its first position, over what was printed since.
    if (isOurs) stdout.write(SHOW_CURSOR + eraseRows(stdout.rows) + LEAVE_ALTERNATE)
    isOurs = false
  }
  process.once("exit", restore)
  const end = (signal: NodeJS.Signals) => {
    restore()
    handOver()
    process.kill(process.pid, signal)
  }
  const handOver = () => {
    isOurs = false
    for (const signal of ENDING) process.off(signal, end)
    process.off("uncaughtException", restore)
  }
  for (const signal of ENDING) process.on(signal, end)
  // The message of a crash would be lost with the alternate screen.
  process.prependListener("uncaughtException", restore)
  return { restore, handOver }
}
