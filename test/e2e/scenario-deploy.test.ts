import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { pastMade, startScenario } from "../support/demo.ts"
import { readHelp } from "../support/help.ts"
import { moversUnder } from "../support/movers-panel.ts"
import { opsdeck, temporaryDirectory } from "../support/program.ts"
import { SlowLink } from "../support/slow-link.ts"
import { Terminal } from "../support/terminal.ts"
import { until } from "../support/waiting.ts"

const ROUTE = "/v1/threads/:id/runs"
/** Keys from the first screen to the route. */
const MOST_KEYS = 5
/** How long before its console opens the demo has its deployment, and how exactly that is to be seen. */
const AGO_MS = 90_000
const WITHIN_MS = 12_000
const DAY_MS = 24 * 3_600_000
const AGAIN_MS = 5_000
/** How long before that it was tried with a few organizations, which the history alone tells. */
const TRIED_MS = 12 * 60_000

test("who knows only the help finds the route that fails, since when, and that it fails for all", {
  timeout: 240_000,
}, async () => {
  const startedMs = Date.now()
  const platform = await startScenario("deploy")
  const readyMs = Date.now()
  const terminal = Terminal.opsdeck([], platform, { columns: 160, rows: 45 })
  await terminal.see("● live", new RegExp(`▲ ${ROUTE}: \\d+% of its requests failed in 5m, .*/min +w only this`))

  // What stands out, with its key.
  terminal.press("w")
  await terminal.see(`/ route:${ROUTE}`)
  expect(terminal.pressed).toBeLessThanOrEqual(MOST_KEYS)
  const log = await readHelp(terminal)

  // For whom? For everybody: hundreds of users, and for the first of them alike.
  await terminal.wait(() => / of [12]\d\d/.test(moversUnder(terminal, "USER")[0] ?? ""), "not many users")
  const failed = moversUnder(terminal, "USER")
    .slice(1)
    .map(line => Number(/(\d+)% +\S+ +\S+$/.exec(line)?.[1]))
  expect(failed.length).toBeGreaterThan(2)
  // Of calm traffic one in a hundred; a user with few requests may have been lucky.
  const typical = failed.toSorted((a, b) => a - b)[Math.floor(failed.length / 2)]
  expect(typical).toBeGreaterThan(5)
  expect(moversUnder(terminal, "STATUS").join("\n")).toMatch(/^500 .*\n503 |^503 .*\n500 /m)

  // Since when? Back, burst by burst, to the first in the stream: behind it the bars are wider, of the history where that is made already.
  const time = () => /^▌(\d\d:\d\d:\d\d\.\d{3}) /.exec(terminal.selected ?? "")?.[1]
  const isFirst = () => /there is no further error burst|\( (hour|day|week) \)/.test(terminal.screen)
  // Bursts are looked for once a second, so a machine that is busy may not have found any yet.
  const goBack = () => terminal.press(log.key("previous error burst"))
  await until(() => terminal.screen.includes("‖ paused") || void goBack(), { every: 1_000 })
  await terminal.see("‖ paused", "5xx max")
  let [first, firstAt] = [terminal.selected, time()]
  while (!isFirst()) {
    const before = time()
    goBack()
    let pressedMs = Date.now()
    // A burst that is found meanwhile may move the one that was meant: then the key is pressed again, once the first had time to be obeyed.
    await until(() => {
      if (isFirst() || (time() !== undefined && time() !== before)) return true
      if (Date.now() - pressedMs < AGAIN_MS) return false
      goBack()
      pressedMs = Date.now()
      return false
    })
    if (!isFirst()) [first, firstAt] = [terminal.selected, time()]
  }
  expect(first).toMatch(/ POST +50[03] /)
  // The deployment is so long before a moment of the start; the time of day is as close before the time of being ready.
  const before = (readyMs - Date.parse(`1970-01-01T${firstAt}Z`)) % DAY_MS
  expect(before).toBeGreaterThan(AGO_MS - WITHIN_MS)
  expect(before).toBeLessThan(AGO_MS + WITHIN_MS + readyMs - startedMs)

  // The same on a terminal of 100x30, over a link that is late each way.
  const far = Terminal.opsdeck([], platform, { columns: 100, rows: 30, link: new SlowLink(150, 60) })
  await far.see("● live", new RegExp(`▲ ${ROUTE}: \\d+% of its requests failed in 5m, .*/min +w only this`))
  far.press("w")
  await far.see(`/ route:${ROUTE}`, /POST +50[03] /)
  expect(far.pressed).toBeLessThanOrEqual(MOST_KEYS)

  // When was it first tried, and with whom? The stream does not reach back so far.
  await pastMade(platform)
  const minute = 60_000
  const triedMs = startedMs - TRIED_MS
  const failedIn = async (fromMs: number, toMs: number) => {
    const window = ["--since", new Date(fromMs).toISOString(), "--until", new Date(toMs).toISOString()]
    const { stdout } = await opsdeck(
      ["log", `route:${ROUTE} status:503`, ...window, "--limit", "200", "--json"],
      platform,
    )
    return JSON.parse(stdout).data as { timestamp: string; org_id: string }[]
  }
  expect(await failedIn(triedMs - 8 * minute, triedMs)).toEqual([])
  const tried = await failedIn(triedMs, triedMs + 5 * minute)
  expect(Date.parse(tried.at(-1)?.timestamp ?? "")).toBeLessThan(readyMs - TRIED_MS + minute)
  expect(new Set(tried.map(({ org_id }) => org_id)).size).toBeLessThan(20)

  // In three keys from the first screen: the last hour, when it began, and what changed with it; one more shows these requests.
  const past = Terminal.opsdeck([], platform, { columns: 100, rows: 30 })
  await past.see("● live", "● rec")
  past.press("(")
  await past.see("( hour ) max")
  past.press("[").press("b")
  await past.see("What changed", /failed \S+ → \S+%/)
  await past.wait(() => past.selected?.includes(`path            ${ROUTE}`) ?? false, "the route is not first")
  expect(past.pressed).toBe(3)
  const [, began] = /What changed {3}(\d\d:\d\d)\S* to/.exec(past.screen) ?? []
  const sinceMs = (readyMs - Date.parse(`1970-01-01T${began}:00Z`)) % DAY_MS
  // By the minute, the errors begin with the deployment, or in one burst with it already when it was tried.
  const isThen = (ms: number) => sinceMs > ms - minute && sinceMs < ms + 2 * minute + readyMs - startedMs
  expect([AGO_MS, TRIED_MS].filter(isThen), `${sinceMs} ms before`).toHaveLength(1)
  past.press("enter")
  await past.see(`status:5xx route:${ROUTE}`, /POST +50[03] /)

  // Handed over as a page: since when, what changed, and how these requests fared.
  past.press("esc")
  await past.see("What changed")
  past.press(":").type("incident start runs fail").press("enter")
  await past.see("runs fail", /◆ Incident \w+/)
  past.press("esc")
  await past.see("What changed")
  past.press("P")
  await past.see("pinned to incident")
  past.press("W")
  await past.see("compared", /most: route/)
  past.press("ctrl-s")
  await past.see("Save the page", /~\/opsdeck-incident-\w+-.*\.md/)
  const file = join(temporaryDirectory(), "page.md")
  past.press("ctrl-u").type(file).press("enter")
  await past.see("1 page saved to")
  const page = readFileSync(file, "utf8")
  const [, since = ""] = /\| Trouble since \| (\S+) \|/.exec(page) ?? []
  expect(Date.parse(since)).toBeLessThan(readyMs - sinceMs + minute)
  expect(page).toMatch(/## What changed: .*\n\n.*status:5xx.*\n\n(\|.*\n)*\| route \| \/v1\/threads\/:id\/runs \|/)
  expect(page).toMatch(/Of the requests that pass .*status:5xx[\s\S]*\| during \|/)
})
