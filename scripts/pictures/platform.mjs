// The demonstration's platform for the scripts that take pictures, and a profile to work on it.
import { spawn, spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"

const PROGRAM = resolve(import.meta.dirname, "../../bin/opsdeck.js")

/** Soon enough to be waited for, and later than a screen is there. */
const LEFT_ALONE_MINUTES = 0.15

/**
 * Starts the platform of `opsdeck demo --scenario attack`; `env` has the console work on it, as the profile "demo", or as one
 * that is production's, one of nobody, and one whose operator has left. `run` runs a command on it.
 */
export async function startPlatform() {
  const config = mkdtempSync(join(tmpdir(), "opsdeck-pictures-"))
  const demo = spawn(process.execPath, [PROGRAM, "demo", "--servers-only", "--scenario", "attack"], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const exited = new Promise(done => demo.on("exit", done))
  const variables = Object.fromEntries(await exportedBy(demo.stdout))
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, GATEWAY_REDIS_URL: gatewayRedisUrl } = variables
  const servers = { databaseUrl, redisUrl, gatewayRedisUrl }
  const own = { ...servers, apiKey: variables.OPSDECK_API_KEY }
  const profiles = {
    demo: { ...own, colour: "cyan" },
    "prod-eu": own,
    nobody: servers,
    "left-alone": { ...own, idleMinutes: LEFT_ALONE_MINUTES },
  }
  mkdirSync(join(config, "opsdeck"))
  const text = JSON.stringify({ defaultProfile: "demo", profiles })
  writeFileSync(join(config, "opsdeck/config.json"), text, { mode: 0o600 })
  const env = { XDG_CONFIG_HOME: config }
  return {
    env,
    run(argv) {
      const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...argv], {
        env: { PATH: process.env.PATH, HOME: config, ...env },
        encoding: "utf8",
      })
      if (status !== 0) throw new Error(`opsdeck ${argv.join(" ")}: ${stderr}`)
    },
    async end() {
      demo.kill("SIGTERM")
      await exited
      rmSync(config, { recursive: true })
    },
  }
}

/** The variables that the demonstration says to export, once it is ready. */
async function exportedBy(output) {
  let said = ""
  for await (const chunk of output.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    said += chunk
    if (said.includes("# Ctrl-C stops everything")) break
  }
  return Array.from(said.matchAll(/^export (\w+)='(.*)'$/gm), ([, name, value]) => [name, value])
}
