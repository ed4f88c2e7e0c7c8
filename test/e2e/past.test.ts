import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { record } from "../../src/services/history/record.ts"
import { readRecordStatus } from "../../src/services/history/record-status.ts"
import { FIRST_MS, Gateway, newStream, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import { eventually } from "../support/waiting.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

test("from live to yesterday at 14:02, by the failures of then with a filter, and back by G", async () => {
  const stream = newStream()
  const directory = join(mkdtempSync(join(tmpdir(), "opsdeck-test-")), "history")
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  // One request a minute from 14:00 yesterday on; every tenth fails.
  const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10)
  const from = Date.parse(`${yesterday}T14:00:00Z`)
  const requests = Array.from({ length: 400 }, (_, n) =>
    request({
      path: `/y/${n}`,
      status: n % 10 === 0 ? "503" : "200",
      ts: new Date(from + n * MINUTE_MS).toISOString(),
    }),
  )
  await gateway.add(stream, requests, from - FIRST_MS, MINUTE_MS)
  const settings = { directory, days: 7, bytes: 1e9 }
  const ending = new AbortController()
  const redis = { url: `${gateway.server.url}/1` }
  const ended = record(settings, {
    redis,
    stream,
    retention: settings,
    signal: ending.signal,
    say: () => {},
    flushMs: 50,
  })
  await eventually(async () => expect((await readRecordStatus(settings, Date.now())).entries).toBe(400))
  ending.abort()
  await ended
  await gateway.writer.xtrim(stream, "MAXLEN", "=", 0)
  await gateway.add(stream, [request({ path: "/now" })], Date.now() - 1000 - FIRST_MS)

  const terminal = operations.open(stream, { columns: 100, rows: 30 }, { OPSDECK_HISTORY: directory })
  await terminal.see("● live", "/now", "? help")
  terminal.press("t")
  await terminal.see("Go to a time")
  terminal.type(`${yesterday} 14:02`).press("enter")
  await terminal.see("◷ 14:02:00 yesterday, from the history (recorded without a gap since", "G go live")
  await terminal.wait(() => /\/y\/2$/.test(terminal.selected?.trimEnd() ?? ""), "not at 14:02")
  terminal.press("/").type("status:503").press("enter")
  await terminal.see("/ status:503", "/y/10", "/y/20", "◷ 14:10:00 yesterday")
  await terminal.seeNoMore("14:11:00")
  terminal.press("enter")
  await terminal.see("c context")
  terminal.press("c")
  await terminal.see("◷ 14:10:00 yesterday", "/y/9", "/y/11")
  terminal.press("esc").press("esc")
  await terminal.see("/ status:503", "◷ 14:10:00 yesterday")
  terminal.press("G")
  await terminal.see("● live")
  terminal.press("x")
  await terminal.see("/now")
  terminal.press("k").press("k").press("k")
  await terminal.see("/y/399", "above: from the history")
})
