// Takes pictures of every screen and dialog in three sizes, on a dark and a light background, from a real run of the
// demonstration, into pictures/, and those of docs/: npm run pictures [-- NAME...]. Ends with 1 where a screen does not appear.
import { mkdirSync, writeFileSync } from "node:fs"
import { relative, resolve } from "node:path"
import { DOCUMENTED } from "./pictures/documented.mjs"
import { startPlatform } from "./pictures/platform.mjs"
import { SCENES } from "./pictures/scenes.mjs"
import { picture, rowsOf, SHEETS } from "./pictures/svg.mjs"
import { openTerminal } from "./pictures/terminal.mjs"

const ROOT = resolve(import.meta.dirname, "..")
const SIZES = [
  { columns: 160, rows: 45 },
  { columns: 100, rows: 30 },
  { columns: 80, rows: 24 },
]

const names = process.argv.slice(2)
const wanted = ({ name }) => names.length === 0 || names.includes(name)
const unknown = names.filter(name => ![...SCENES, ...DOCUMENTED].some(one => one.name === name))
if (unknown.length > 0) {
  process.stderr.write(`no picture is called ${unknown.join(", ")}\n`)
  process.exit(2)
}

const missing = []
const platform = await startPlatform()
try {
  for (const scene of SCENES.filter(wanted)) await attempt(scene, takeScene)
  for (const one of DOCUMENTED.filter(wanted)) await attempt(one, document)
} finally {
  await platform.end()
}
if (missing.length > 0) {
  process.stderr.write(`\n${missing.join("\n\n")}\n\n${missing.length} did not appear\n`)
  process.exitCode = 1
}

async function attempt(one, take) {
  try {
    await take(one)
  } catch (error) {
    missing.push(`${one.name}: ${error.message}`)
    process.stdout.write(`${one.name} did not appear\n`)
  }
}

/** Takes the pictures of a scene, in all sizes and on both backgrounds. */
async function takeScene({ name, from, profile = "demo", path }) {
  for (const [theme, sheet] of Object.entries(SHEETS)) {
    const argv = ["--profile", profile, "--screen", from, "--theme", theme]
    const terminal = openTerminal(argv, { ...SIZES[0], ...platform })
    try {
      await terminal.walk(path, theme, platform.run)
      for (const size of SIZES) {
        await terminal.resize(size)
        const svg = picture(rowsOf(terminal.emulator, sheet), size.columns, name, sheet)
        write(`pictures/${theme}/${size.columns}x${size.rows}/${name}.svg`, svg)
      }
    } finally {
      await terminal.end()
    }
  }
}

/** Takes a picture of docs/. */
async function document({ name, title, size, screen = "log", show }) {
  const terminal = openTerminal(["--screen", screen, "--theme", "dark"], { ...size, ...platform })
  try {
    await show(terminal)
    write(`docs/${name}.svg`, picture(rowsOf(terminal.emulator), size.columns, title))
  } finally {
    await terminal.end()
  }
}

function write(path, svg) {
  const file = resolve(ROOT, path)
  mkdirSync(resolve(file, ".."), { recursive: true })
  writeFileSync(file, svg)
  process.stdout.write(`${relative(ROOT, file)}, ${svg.length} bytes\n`)
}
