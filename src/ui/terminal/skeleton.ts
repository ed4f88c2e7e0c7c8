import { COLOURS } from "../../config/settings.ts"
import type { Config } from "../../config.ts"

const ENTER_ALTERNATE = "\x1b[?1049h"
const LEAVE_ALTERNATE = "\x1b[?1049l"
const HIDE_CURSOR = "\x1b[?25l"
const SHOW_CURSOR = "\x1b[?25h"
/** The SGR code of the first of the colours. */
const FIRST_COLOUR = 31
const HOME_AND_ERASE = "\x1b[H\x1b[J"

/**
 * The first thing on the screen, before React and Ink are loaded: where one is, and that it is starting. Written by
 * hand for that reason alone. Raw mode comes first, so that keys typed meanwhile wait instead of being echoed. Returns
 * what undoes it all, for the case that Ink never takes over.
 */
export function paintSkeleton({ environment, colour, readOnly }: Config): () => void {
  const { stdin, stdout } = process
  stdin.setRawMode(true)
  const name = environment.replace(/[^\x20-\x7e]/g, "?")
  const rule = "─".repeat(stdout.columns)
  const painted = colour === undefined || process.env.NO_COLOR ? "" : `\x1b[${FIRST_COLOUR + COLOURS.indexOf(colour)}m`
  const badge = `\x1b[1;7m${painted} ${name} \x1b[m`
  const access = readOnly === undefined ? "" : "  read-only"
  const lines = [` \x1b[1mopsdeck\x1b[22m  ${badge}${access}`, "", rule, " ○ starting"]
  stdout.write(ENTER_ALTERNATE + HIDE_CURSOR + HOME_AND_ERASE + lines.join("\r\n"))
  const restore = () => {
    if (!stdin.isRaw) return
    stdin.setRawMode(false)
    stdout.write(SHOW_CURSOR + LEAVE_ALTERNATE)
  }
  process.once("exit", restore)
  return restore
}
