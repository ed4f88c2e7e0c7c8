// Records docs/attack.svg from a real run of `opsdeck demo --scenario attack`: npm run recording.
import { writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { animation } from "./pictures/animation.mjs"
import { caption, rowsOf } from "./pictures/svg.mjs"
import { openTerminal } from "./pictures/terminal.mjs"

const FILE = resolve(import.meta.dirname, "../docs/attack.svg")
const SIZE = { columns: 150, rows: 34 }
/** A live log is worth two frames a second; more would make the file large. */
const STEP_SECONDS = 0.5

const frames = []
let still = 0
let below = ""

const terminal = openTerminal(["demo", "--scenario", "attack"], SIZE)
try {
  await terminal.see("● live", "by rate", "NETWORK")
  await sleep(2000)
  await say("", "opsdeck demo --scenario attack: requests as they happen, and beside them who sends most", 3)

  await terminal.see(/▲ .* refused on \/v1\/auth\/login/)
  terminal.press("w")
  await terminal.see(/\/ ip:\S+/, /POST +401 .*\/v1\/auth\/login/)
  // The movers have counted it all by then.
  still = frames.length + 4
  await say("w", "only what stands out: somebody tries passwords from a few networks", 4)

  terminal.press("k")
  await terminal.see("‖ paused")
  await terminal.until(() => userRows() === 1, "more than one user comes from there")
  await say("k", "pause; one signed-in user comes from there as well", 3)

  terminal.press("tab")
  await terminal.see("▌movers")
  await terminal.goToMover("USER")
  terminal.press("u")
  await terminal.see(/User {2}\S+ {2}active/, "Newest requests", "METHOD")
  await say("u", "the user: who they are, what they ran, which keys they hold", 3.5)

  terminal.press("S")
  await terminal.see("[ Cancel ]", "What happens")
  await say("S", "suspend: first it says what will happen, and what will not", 3)
  below = caption("", "and asks why")
  for (const word of ["tries ", "other ", "people's ", "passwords"]) {
    await terminal.type(word)
    await shoot(0.4)
  }
  terminal.press("tab", "tab")
  await terminal.see("[ Suspend ]")
  await say("Tab", "to the button: Cancel was the default", 1.5)

  terminal.press("enter")
  await terminal.see(/User {2}\S+ {2}suspended/, "✓ audit")
  await say("Enter", "done, in PostgreSQL and in Redis, with a row in the audit log", 3.5)

  terminal.press("w")
  await terminal.see(/\/ user:/, / 401 .*\/v1\/(?!auth)/)
  await say("w", "the live log of this user: refused from now on", 5)
} finally {
  await terminal.end()
}
const svg = animation(frames, { columns: SIZE.columns, title: "An attack is found and stopped in opsdeck", still })
writeFileSync(FILE, svg)
process.stdout.write(`docs/attack.svg, ${frames.length} frames, ${svg.length} bytes\n`)

/** Says below the screen which key was pressed and what that does, and goes on recording for `duration` seconds. */
async function say(key, words, duration) {
  below = caption(key, words)
  for (let left = duration; left > 0; left -= STEP_SECONDS) await shoot(Math.min(left, STEP_SECONDS))
}

/** Takes a frame and lets `duration` seconds go by; a screen on which nothing changed is the frame before, for longer. */
async function shoot(duration) {
  await terminal.see("")
  const rows = [...rowsOf(terminal.emulator), "", below]
  const before = frames.at(-1)
  if (before && before.rows.join("\n") === rows.join("\n")) before.seconds += duration
  else frames.push({ rows, seconds: duration })
  await sleep(duration * 1000)
}

/** How many users the movers show. */
function userRows() {
  const panel = terminal.lines().map(line => line.split("│").at(1) ?? "")
  const from = panel.findIndex(line => line.startsWith(" USER"))
  return panel.slice(from + 1).findIndex(line => /^ [A-Z]+( |$)/.test(line))
}
