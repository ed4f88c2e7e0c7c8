import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished } from "vitest"
import { openHistory } from "../../src/adapters/history/engines.ts"
import type { Retention } from "../../src/adapters/history/history-writer.ts"
import type { ClickHouseServer, HistoryPlace } from "../../src/config/history.ts"
import { record } from "../../src/services/history/record.ts"
import { readRecordStatus } from "../../src/services/history/record-status.ts"
import { type Gateway, newStream } from "./access-log.ts"
import type { TestDatabase } from "./postgres.ts"
import { eventually } from "./waiting.ts"

/** A stream of the gateway with a history, in a directory or in ClickHouse, and a deck on both, for the test that runs. */
export function recordedLog(gateway: Gateway, database: TestDatabase, server?: ClickHouseServer) {
  const stream = newStream()
  const directory = join(mkdtempSync(join(tmpdir(), "opsdeck-test-")), "history")
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  // The ids of the tests are of 2023.
  const settings = { ...(server ? { server } : { directory }), days: 36_500, bytes: 1e9 }
  const history = openHistory(settings)
  onTestFinished(() => history.close())
  return {
    stream,
    directory,
    history,
    deck: gateway.deck(stream, database.postgres, undefined, history),
    /** Records until the history holds `entries`. */
    record: (entries: number) => recordUntil(gateway, stream, settings, entries),
  }
}

/** Records a stream of the gateway until the history holds `entries`. */
export async function recordUntil(
  gateway: Gateway,
  stream: string,
  settings: HistoryPlace & Retention,
  entries: number,
) {
  const ending = new AbortController()
  const ended = record(settings, {
    redis: { url: `${gateway.server.url}/1` },
    stream,
    retention: settings,
    signal: ending.signal,
    say: () => {},
    flushMs: 50,
  })
  await eventually(async () => expect((await readRecordStatus(settings, Date.now())).entries).toBe(entries))
  ending.abort()
  await ended
}
