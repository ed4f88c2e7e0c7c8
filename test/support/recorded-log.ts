import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished } from "vitest"
import { openHistory } from "../../src/adapters/history/engines.ts"
import type { Retention } from "../../src/adapters/history/history-writer.ts"
import type { ClickHouseServer, HistoryPlace } from "../../src/config/history.ts"
import { recordEach } from "../../src/services/history/record-each.ts"
import { readRecordStatus } from "../../src/services/history/record-status.ts"
import { type Gateway, newStream } from "./access-log.ts"
import type { TestDatabase } from "./postgres.ts"
import { eventually } from "./waiting.ts"

// The ids of the tests are of 2023.
const RETENTION: Retention = { days: 36_500, bytes: 1e9 }

/** A history, in a directory or in ClickHouse, for the test that runs. */
export function newHistory(server?: ClickHouseServer) {
  const directory = join(mkdtempSync(join(tmpdir(), "opsdeck-test-")), "history")
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const settings = { ...(server ? { server } : { directory }), ...RETENTION }
  const history = openHistory(settings)
  onTestFinished(() => history.close())
  return { directory, settings, history }
}

/** A stream of the gateway with a history, in a directory or in ClickHouse, and a deck on both, for the test that runs. */
export function recordedLog(gateway: Gateway, database: TestDatabase, server?: ClickHouseServer) {
  const stream = newStream()
  const { directory, settings, history } = newHistory(server)
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
export const recordUntil = (gateway: Gateway, stream: string, settings: HistoryPlace & Retention, entries: number) =>
  recordEachUntil(settings, { "": { url: `${gateway.server.url}/1`, stream } }, entries)

/** Records the streams of several gateways, by their names, until the history holds `entries` of all together. */
export async function recordEachUntil(
  settings: HistoryPlace & Retention,
  gateways: Readonly<Record<string, { readonly url: string; readonly stream: string }>>,
  entries: number,
) {
  const ending = new AbortController()
  const recordings = Object.entries(gateways).map(([name, { url, stream }]) => ({
    gateway: name,
    redis: { url },
    stream,
    retention: settings,
    signal: ending.signal,
    say: () => {},
    flushMs: 50,
  }))
  const ended = recordEach(settings, recordings)
  const names = recordings.map(({ gateway }) => ({ name: gateway }))
  await eventually(async () => expect((await readRecordStatus(settings, Date.now(), names)).entries).toBe(entries))
  ending.abort()
  await ended
}
