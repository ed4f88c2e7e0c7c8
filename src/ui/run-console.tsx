import { QueryClientProvider } from "@tanstack/react-query"
import { render } from "ink"
import { colourBits } from "../config/console-terminal.ts"
import type { Config } from "../config.ts"
import { App } from "./app.tsx"
import { FaultBoundary } from "./fault-boundary.tsx"
import { KeyMap } from "./keys/key-map.ts"
import type { ScreenSet } from "./kit/destinations.ts"
import { AlertRules } from "./runtime/alert-rules.ts"
import { ChangeGuard } from "./runtime/change-guard.ts"
import { Clock } from "./runtime/clock.ts"
import { ColumnChoices } from "./runtime/column-choices.ts"
import { dependenciesOf, HealthMonitor, refusalIn } from "./runtime/health.ts"
import { IdleTimer } from "./runtime/idle.ts"
import { IncidentWatch } from "./runtime/incident-watch.ts"
import { InputHistory } from "./runtime/input-history.ts"
import { NameCache } from "./runtime/names.ts"
import { PeriodicLook, type QueueWatch, type RecorderWatch } from "./runtime/periodic-look.ts"
import { Presence } from "./runtime/presence.ts"
import { openQueries } from "./runtime/query.ts"
import type { Runtime } from "./runtime/runtime.ts"
import { Session } from "./runtime/session.ts"
import type { TailClient } from "./runtime/tail-client.ts"
import { logScreen } from "./screens/log/log-screen.tsx"
import { scopesOf } from "./shell/global-bindings.ts"
import { keepHeapSmall } from "./small-heap.ts"
import { BACKGROUND_QUESTION, backgroundOf } from "./terminal/background.ts"
import { ringBell } from "./terminal/bell.ts"
import { MARGINS_QUESTION, saysMargins } from "./terminal/margins.ts"
import { openOutput } from "./terminal/output.ts"
import { askTerminal, isOneTerminal } from "./terminal/question.ts"
import { readTerminal, TerminalInput } from "./terminal/terminal-input.ts"
import { setTheme } from "./widgets/theme.ts"
import { themeFor } from "./widgets/themes.ts"

/**
 * Runs the console on a screen that the skeleton is painted on already, until the operator leaves; `handOver` is
 * called as soon as the terminal is Ink's. Throws DeckError `usage` for a screen that does not exist, and whatever it fails of.
 */
export async function runConsole(
  config: Config,
  screenId: string,
  tail: TailClient,
  handOver: () => void,
): Promise<void> {
  const keyMap = new KeyMap(config.keys)
  const theme = themeFor(config.theme, process.env, colourBits(process.stdout, process.env))
  setTheme(theme.first)
  // What else there is to load waits for the first frame, and the other screens for the first rows, unless one of them is asked for.
  const others = () => import("./screens/index.ts")
  const first = screenId === logScreen.id ? logScreen : (await others()).screenById(screenId)
  const drawn = Promise.withResolvers<void>()
  const backend = drawn.promise
    .then(() => import("./runtime/backend.ts"))
    .then(({ openBackend }) => openBackend(config, guard, failure => health.onFailure(failure)))
  const guard = new ChangeGuard(config, async secret => (await backend).checkIdentity(session.deck.operator, secret))
  const inputHistory = new InputHistory(config.historyFile)
  const columnChoices = new ColumnChoices(config.columnsFile)
  const session = new Session(async (credentials, signal) => {
    const deck = await (await backend).signIn(credentials, signal)
    if ("password" in credentials) inputHistory.exclude(credentials.password)
    return deck
  }, config.credentials)
  const presence = new Presence()
  const becomeIdle = () => {
    presence.set({ isIdle: true })
    guard.becomeIdle()
  }
  const idle = new IdleTimer(config.idleMs, becomeIdle, () => presence.set({ isIdle: false }))
  const health = new HealthMonitor(
    dependenciesOf(config.redis),
    async (...asked) => (await backend).ping(...asked),
    gateways => refusalIn(tail.snapshots.snapshot, gateways),
  )
  const queue: QueueWatch = new PeriodicLook(async signal => (await backend).takeQueuePulse(session.deck, signal))
  const recorder: RecorderWatch = new PeriodicLook(async () => (await backend).takeRecorderPulse())
  const clock = new Clock()
  const names = new NameCache(async ids => (await backend).findNames(session.deck, ids))
  const output = openOutput(config)
  const { stdout, whenDrawn } = output
  const alerts = new AlertRules(tail, { queue, recorder }, config.alerts, () => ringBell(stdout))
  const incidents = new IncidentWatch(
    {
      look: async signal => (await backend).openIncident(session.deck, signal),
      write: async (id, seen) => (await backend).writeSeen(session.deck, id, seen),
    },
    () => ({ tail: tail.snapshots.snapshot, alerts: alerts.alerts }),
  )
  const queries = openQueries()
  const input = new TerminalInput(config, () => idle.touch())
  const { ignored } = config
  const state = {
    guard,
    session,
    health,
    queue,
    recorder,
    clock,
    presence,
    inputHistory,
    columnChoices,
    names,
    tail,
    alerts,
    incidents,
  }
  const runtime: Runtime = { ...state, keyMap, input, stdout, whenDrawn, ignored }
  const console = (screens: ScreenSet) => (
    <FaultBoundary onFault={fail}>
      <QueryClientProvider client={queries}>
        <App runtime={runtime} screens={screens} />
      </QueryClientProvider>
    </FaultBoundary>
  )
  const app = render(console({ first, screens: [first], destinations: undefined, changes: undefined }), {
    stdout,
    stdin: readTerminal(process.stdin, input),
    alternateScreen: true,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
    maxFps: config.fps,
  })
  handOver()
  const hearTerminal = (reply: string) => {
    const background = theme.isAuto ? backgroundOf(reply) : undefined
    if (background) setTheme(theme.on(background))
    if (!saysMargins(reply)) return
    output.allowMargins()
    tail.scrollBeside()
  }
  const leaveQuestion = isOneTerminal()
    ? askTerminal(
        theme.isAuto ? [BACKGROUND_QUESTION, MARGINS_QUESTION] : [MARGINS_QUESTION],
        text => stdout.write(text),
        hear => input.listenForReplies(hear),
        hearTerminal,
        ms => input.replied(ms),
      )
    : undefined
  const flushed = () => app.waitUntilRenderFlush()
  void flushed().then(drawn.resolve)
  backend.then(() => recorder.start(), fail)
  const complete = ({ screens, destinations, changes }: Awaited<ReturnType<typeof others>>) => {
    keyMap.check(scopesOf(screens, destinations))
    app.rerender(console({ first, screens, destinations, changes }))
  }
  signedIn(session)
    .then(flushed)
    .then(others)
    .then(complete)
    .then(() => {
      queue.start()
      incidents.start()
    })
    .catch(fail)
  keepHeapSmall()
  const leave = () => app.unmount()
  process.prependListener("uncaughtException", leave)
  // Without a hang-up the terminal can be gone as well; whoever started the console hears of both alike.
  const hangUp = () => void process.kill(process.pid, "SIGHUP")
  process.stdout.on("error", hangUp)
  process.stdin.on("end", hangUp)
  clock.start()
  health.start()
  try {
    await app.waitUntilExit()
  } finally {
    leaveQuestion?.()
    output.close()
    clock.stop()
    idle.stop()
    health.close()
    queue.close()
    recorder.close()
    incidents.close()
    names.close()
    queries.clear()
    session.close()
    drawn.resolve()
    await backend.then(
      opened => opened.close(),
      () => {},
    )
  }
}

/** Until somebody is in, or is asked who they are. */
const signedIn = ({ states }: Session) =>
  new Promise<void>(resolve => {
    const look = () => {
      if (states.snapshot.phase !== "signing-in") setImmediate(resolve)
    }
    states.subscribe(look)
    look()
  })

/** What could not be loaded ends the console as any other fault does. */
const fail = (error: Error) => void process.emit("uncaughtException", error)
