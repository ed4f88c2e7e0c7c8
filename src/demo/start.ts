import { constants } from "node:os"
import { withoutConsole } from "../config/console-terminal.ts"
import { incidentsBeside } from "../config/history.ts"
import { columnsFilePath, historyFilePath, logFilePath } from "../config/paths.ts"
import { MOST_FPS } from "../config/settings.ts"
import { type Config, usualEscapeDelayMs } from "../config.ts"
import { DeckError } from "../domain/errors.ts"
import { standardError } from "../standard-error.ts"
import type { DemoPlatform } from "./keeper-messages.ts"
import { type Keeper, startKeeper } from "./keeper-process.ts"
import { DEMO_HELP, readDemoCommand } from "./options.ts"
import { LIMITS } from "./recorder/orders.ts"

/** `opsdeck demo`: a throwaway platform and its console. Returns the exit status once all has ended. */
export async function startDemo(argv: readonly string[]): Promise<number> {
  const { help, serversOnly, ...options } = readDemoCommand(argv)
  if (help) {
    process.stdout.write(DEMO_HELP)
    return 0
  }
  const why = serversOnly ? undefined : withoutConsole(process)
  if (why !== undefined) throw new DeckError("usage", `${why}; without it use: opsdeck demo --servers-only`)
  const interruption = catchSignals()
  const keeper = startKeeper(options, say)
  try {
    return await Promise.race([interruption.status, show(keeper, serversOnly, interruption.release)])
  } finally {
    keeper.stop()
    await keeper.ended
    interruption.release()
    say("everything that was started is stopped and removed")
  }
}

/** Waits for the platform and opens the console, which handles signals from then on. */
async function show(keeper: Keeper, serversOnly: boolean, releaseSignals: () => void): Promise<number> {
  const platform = await keeper.ready
  if (serversOnly) {
    process.stdout.write(exports(platform))
    await keeper.ended
    throw new DeckError("unavailable", "the demo's servers ended unexpectedly")
  }
  say(`the operator's login is ${platform.login}, the password ${platform.password}`)
  const { startConsole } = await import("../ui/start.ts")
  releaseSignals()
  return startConsole(configOf(platform), {})
}

function configOf(platform: DemoPlatform): Config {
  return {
    environment: "DEMO",
    idleMs: 0,
    fps: MOST_FPS,
    plainOutput: false,
    mouse: false,
    escapeDelayMs: usualEscapeDelayMs(process.env),
    alerts: [],
    postgres: { url: platform.databaseUrl },
    history: { directory: platform.history, incidents: incidentsBeside(platform.history), ...LIMITS },
    redis: { api: { url: platform.redisUrl }, gateways: platform.gateways },
    credentials: { apiKey: platform.apiKey },
    logFile: logFilePath(process.env),
    historyFile: historyFilePath(process.env),
    columnsFile: columnsFilePath(process.env),
  }
}

/** Environment variables for using the demo's platform from another terminal. */
function exports(platform: DemoPlatform): string {
  const variables = {
    DATABASE_URL: platform.databaseUrl,
    REDIS_URL: platform.redisUrl,
    GATEWAY_REDIS_URL: platform.gateways[0].redis.url,
    ...(platform.configFile && { OPSDECK_CONFIG: platform.configFile }),
    OPSDECK_API_KEY: platform.apiKey,
    OPSDECK_HISTORY: platform.history,
  }
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`)
  const remarks = [
    `# or sign in with --login ${platform.login} and the password ${platform.password}`,
    "# ready: paste the lines above into another terminal, and try: opsdeck log --limit 5 (in a clone: npx opsdeck …)",
    "# Ctrl-C stops everything",
  ]
  return `${lines.join("")}${remarks.join("\n")}\n`
}

/** Until released, a signal starts an orderly end: `status` resolves with the exit status of that signal. */
function catchSignals(): { status: Promise<number>; release: () => void } {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const
  const { promise: status, resolve } = Promise.withResolvers<number>()
  const heard = (signal: NodeJS.Signals) => resolve(128 + constants.signals[signal])
  for (const signal of signals) process.on(signal, heard)
  const release = () => {
    for (const signal of signals) process.off(signal, heard)
  }
  return { status, release }
}

function say(text: string): void {
  standardError.write(`opsdeck demo: ${text}\n`)
}
