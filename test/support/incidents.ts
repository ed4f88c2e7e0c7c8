import { join } from "node:path"
import { onTestFinished } from "vitest"
import { openHistory } from "../../src/adapters/history/engines.ts"
import { openIncidents } from "../../src/adapters/incidents/store.ts"
import { rfc3339 } from "../../src/domain/access-log.ts"
import type { SeenLine } from "../../src/domain/incident/incident-line.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { toAccessLogEntry } from "../../src/domain/to-access-log-entry.ts"
import { Deck } from "../../src/services/deck.ts"
import type { Platform } from "../../src/services/platform.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { request } from "./access-log.ts"
import { addAdministrator, type Person } from "./people.ts"
import type { TestDatabase } from "./postgres.ts"
import { temporaryDirectory } from "./program.ts"
import { until } from "./waiting.ts"

/** Decks of several operators on one host, each a process of its own. */
export function incidentHost({ postgres }: TestDatabase, redis: Platform["redis"]) {
  const root = temporaryDirectory()
  const settings = { directory: join(root, "log"), incidents: join(root, "incidents/log") }
  const open = async (who?: Person) => {
    const platform = { postgres, redis, history: openHistory(settings), incidents: openIncidents(settings) }
    onTestFinished(() => platform.incidents.close())
    onTestFinished(() => platform.history.close())
    const operator = await signIn(platform, who ?? (await addAdministrator(postgres)), { console: false })
    return new Deck(platform, operator)
  }
  return { ...settings, open, root }
}

/** A request as it is pinned now. */
export const pinned = (fields: Record<string, string> = {}): SeenLine & { kind: "entry" } => ({
  kind: "entry",
  at: rfc3339(Date.now()),
  entry: toAccessLogEntry(StreamEntry.from("1700000000000-0", Object.entries(request(fields)))),
})

/** What two write in one millisecond has no order. */
export function nextMs() {
  const before = Date.now()
  return until(() => Date.now() > before)
}
