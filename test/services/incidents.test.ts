import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { rfc3339 } from "../../src/domain/access-log.ts"
import type { SeenLine } from "../../src/domain/incident/incident-line.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { toAccessLogEntry } from "../../src/domain/to-access-log-entry.ts"
import type { Deck } from "../../src/services/deck.ts"
import { record } from "../../src/services/history/record.ts"
import { readRecordStatus } from "../../src/services/history/record-status.ts"
import { correctIncident, titleIncident, unpinIncident } from "../../src/services/incidents/correct-incident.ts"
import {
  endIncident,
  listIncidents,
  noteIncident,
  openIncident,
  recordSeen,
  startIncident,
} from "../../src/services/incidents/incidents.ts"
import { listTimeline, showIncident } from "../../src/services/incidents/show-incident.ts"
import { updateUser } from "../../src/services/users/user-changes.ts"
import { request } from "../support/access-log.ts"
import { incidentHost, nextMs, pinned } from "../support/incidents.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"
import { eventually } from "../support/waiting.ts"

eachGeneration(database => {
  const operations = operationsOn(database)

  const host = () => incidentHost(database, operations.redis)

  const seen = (second: number): SeenLine => ({
    kind: "filter",
    at: rfc3339(Date.now()),
    filter: `status:5xx dur>${second}s`,
  })

  test("what one operator begins, another one notes to, ends and shows, with what both changed meanwhile", async () => {
    const { open, root } = host()
    const [alice, bob] = [await open(), await open()]
    const victim = await addPerson(database.postgres)
    await alice.change(updateUser, { id: victim.id, username: `early-${victim.id}` })
    const { id, group } = await alice.run(startIncident, { text: " checkout fails " })
    expect(group).toBeNull()
    expect(await bob.run(openIncident, {})).toMatchObject({ id, text: "checkout fails", notes: 0 })
    await nextMs()
    await bob.run(noteIncident, { text: "since the deployment" })
    await bob.run(recordSeen, { id, seen: [seen(1), pinned({ path: "/v1/runs" })] })
    await bob.change(updateUser, { id: victim.id, status: "suspended", reason: "burns money" })
    await nextMs()
    await alice.run(endIncident, {})
    await nextMs()
    await bob.run(noteIncident, { id, text: "the page for the next shift" })

    const evidence = join(root, "evidence.ndjson")
    const page = await alice.run(showIncident, { id, evidence })
    const names = [alice, bob].map(({ operator }) => operator.login)
    expect(page).toMatchObject({ id, text: "checkout fails", by: names[0], missing: [], evidence_file: evidence })
    const change = `users.status_changed ${victim.login}: active -> suspended (burns money)`
    expect(page.timeline.map(({ what, by, text }) => [what, by, text])).toEqual([
      ["start", names[0], "checkout fails"],
      ["note", names[1], "since the deployment"],
      ["filter", names[1], "status:5xx dur>1s"],
      ["pinned", names[1], "GET /v1/runs: 200 in 42 ms, 203.0.113.7"],
      ["change", names[1], change],
      ["end", names[0], "the incident is over"],
      ["note", names[1], "the page for the next shift"],
    ])
    expect(
      readFileSync(evidence, "utf8")
        .trim()
        .split("\n")
        .map(row => JSON.parse(row)),
    ).toEqual(page.evidence)
    expect(page.evidence).toEqual([pinned({ path: "/v1/runs" }).entry])
    expect(statSync(evidence).mode & 0o777).toBe(0o600)
    const { data } = await bob.run(listTimeline, { id })
    expect(data.map(({ leads }) => leads?.to)).toEqual([
      ...[undefined, undefined, "change", "entry", "filter", undefined, undefined],
    ])
    expect(await bob.run(listIncidents, {})).toMatchObject({ data: [{ id, notes: 2, pinned: 1 }], next_cursor: null })
  })

  test("a note and the title are corrected, a pin is taken back, by whoever shares the incident; its file keeps all", async () => {
    const { open, incidents } = host()
    const [alice, bob] = [await open(), await open()]
    const { id } = await alice.run(startIncident, { text: "checkout fails" })
    await expect(bob.run(correctIncident, { text: "x" })).rejects.toThrow(`there is no note of yours in incident ${id}`)
    await nextMs()
    await alice.run(noteIncident, { text: "rolled bakc" })
    await nextMs()
    await bob.run(recordSeen, { id, seen: [pinned()] })
    await nextMs()
    await alice.run(correctIncident, { text: "rolled back" })
    await bob.run(titleIncident, { text: "runs fail" })
    const rows = async () => (await alice.run(listTimeline, { id })).data.toReversed()
    const pin = (await rows()).find(({ what }) => what === "pinned")
    await expect(alice.run(unpinIncident, {})).rejects.toMatchObject({ code: "not_found", field: "line" })
    await alice.run(unpinIncident, { line: pin?.line })
    await expect(alice.run(unpinIncident, { line: pin?.line })).rejects.toMatchObject({ code: "conflict" })
    const names = [alice, bob].map(({ operator }) => operator.login)
    expect((await rows()).map(({ text, amended }) => [text.slice(0, 12), amended?.by, amended?.taken_back])).toEqual([
      ["runs fail", names[1], false],
      ["rolled back", names[0], false],
      ["GET /v1/me: ", names[0], true],
    ])
    const page = await bob.run(showIncident, { id })
    expect(page).toMatchObject({ text: "runs fail", evidence: [] })
    expect(await bob.run(openIncident, {})).toMatchObject({ text: "runs fail", notes: 1, pinned: 0 })
    const files = readdirSync(incidents).map(name => readFileSync(join(incidents, name), "utf8"))
    expect(files.join("")).toContain("rolled bakc")
  })

  test("one incident is open at a time; without one nothing is noted or ended, and an unknown one is not there", async () => {
    const { open } = host()
    const alice = await open()
    await expect(alice.run(noteIncident, { text: "x" })).rejects.toMatchObject({ code: "not_found" })
    await expect(alice.run(startIncident, { text: "  " })).rejects.toMatchObject({ code: "invalid", field: "text" })
    const { id } = await alice.run(startIncident, { text: "first" })
    await expect(alice.run(startIncident, { text: "second" })).rejects.toThrow(`incident ${id} is open, "first", since`)
    await expect(alice.run(showIncident, { id: "bababa" })).rejects.toMatchObject({ code: "not_found", field: "id" })
    await alice.run(endIncident, { id })
    await expect(alice.run(endIncident, { id })).rejects.toMatchObject({ code: "conflict" })
    expect(await alice.run(recordSeen, { id, seen: [seen(1)] })).toEqual({ written: 0, pinned_already: 0 })
    await alice.run(startIncident, { text: "second" })
  })

  test("figures of before, during and after come from the stream and, where that is shorter, from the history", async () => {
    const { open, directory, incidents } = host()
    const alice = await open()
    const now = Date.now()
    // An incident of ten minutes that ended ten minutes ago, written by hand.
    const at = (minutes: number) => rfc3339(now - minutes * 60_000)
    mkdirSync(incidents, { recursive: true })
    const lines = [
      { incident: "kibanu", at: at(20), by: "carol", kind: "start", text: "errors" },
      { incident: "kibanu", at: at(10), by: "carol", kind: "end" },
    ]
    writeFileSync(join(incidents, "host.carol.1.ndjson"), lines.map(line => `${JSON.stringify(line)}\n`).join(""))
    const add = async (minutes: number, count: number, fields: Record<string, string>) => {
      for (let i = 0; i < count; i++) {
        const pairs = Object.entries(request(fields)).flat()
        await operations.gateway.xadd(ACCESS_LOG, `${now - minutes * 60_000}-${i + 1}`, ...pairs)
      }
    }
    await operations.gateway.del(ACCESS_LOG)
    await add(35, 1, {})
    await add(25, 4, { duration_ms: "10" })
    await add(15, 3, { status: "503", duration_ms: "2000" })
    await add(15, 0, {})
    await add(14, 1, { status: "404", duration_ms: "5" })
    const ending = new AbortController()
    const redis = { url: `${operations.server.url}/1` }
    const retention = { days: 7, bytes: 1e9 }
    const recorded = record(
      { directory },
      {
        ...{ redis, stream: ACCESS_LOG, retention, signal: ending.signal, flushMs: 50 },
        say: () => {},
      },
    )
    await eventually(async () => expect((await readRecordStatus({ directory }, now)).entries).toBe(9))
    ending.abort()
    await recorded
    await operations.gateway.xtrim(ACCESS_LOG, "MAXLEN", "=", 1)
    await add(5, 2, { status: "200", duration_ms: "40" })
    const { figures } = await alice.run(showIncident, { id: "kibanu" })
    expect(figures.before).toMatchObject({ since: at(30), until: at(20), requests: 4, refused: 0, failed: 0, p95: 10 })
    expect(figures.during).toMatchObject({ since: at(20), requests: 4, refused: 0.25, failed: 0.75 })
    expect(figures.during?.p95).toBeGreaterThanOrEqual(2000)
    expect(figures.during?.per_second).toBeCloseTo(4 / 600)
    expect(figures.after).toMatchObject({ since: at(10), requests: 2, failed: 0, p95: 40 })

    // Written down eight minutes after it began, as what was pinned says; while it goes on there is no time after it.
    const { id } = await alice.run(startIncident, { text: "again" })
    const first = StreamEntry.from(`${now - 15 * 60_000}-1`, Object.entries(request({})))
    const pin = { kind: "entry" as const, at: at(15), entry: toAccessLogEntry(first) }
    await alice.run(recordSeen, { id, seen: [{ ...seen(1), filter: "status:5xx" } as SeenLine, pin] })
    const page = await alice.run(showIncident, { id })
    expect(page.trouble_since).toBe(at(15))
    expect(page.figures.before).toMatchObject({ until: at(15), requests: 4 })
    expect(page.figures.during).toMatchObject({ since: at(15), requests: 6 })
    expect(page.figures.after).toBeNull()
    expect(page.filtered).toMatchObject([{ filter: "status:5xx", before: { requests: 0 }, during: { requests: 3 } }])
  })

  test("a request or a comparison is pinned once, until it is taken back", async () => {
    const { open } = host()
    const [alice, bob] = [await open(), await open()]
    const { id } = await alice.run(startIncident, { text: "checkout fails" })
    const compared = (against: string): SeenLine => ({
      ...{ kind: "changes", at: rfc3339(Date.now()), since: "2026-11-28T03:00:00Z", until: "2026-11-28T03:05:00Z" },
      ...{ with: against, filter: "status:5xx", before_per_s: 1, after_per_s: 2, values: [] },
    })
    const pin = (who: Deck, ...lines: SeenLine[]) => who.run(recordSeen, { id, seen: lines })
    expect(await pin(alice, compared("02:00..03:00"), pinned())).toEqual({ written: 2, pinned_already: 0 })
    await nextMs()
    expect(await pin(bob, compared("02:00..03:00"), pinned())).toEqual({ written: 0, pinned_already: 2 })
    await nextMs()
    expect(await pin(alice, compared("01:00..02:00"))).toEqual({ written: 1, pinned_already: 0 })
    const { data } = await alice.run(listTimeline, { id })
    const first = data.findLast(({ what }) => what === "compared")
    await alice.run(unpinIncident, { id, line: first?.line })
    await nextMs()
    expect(await pin(bob, compared("02:00..03:00"))).toEqual({ written: 1, pinned_already: 0 })
  })

  test("what is not reached is missing from the page, and the rest is there", async () => {
    const { open, incidents } = host()
    const alice = await open()
    const { id } = await alice.run(startIncident, { text: "Redis is away" })
    await operations.gateway.del(ACCESS_LOG)
    const { figures } = await alice.run(showIncident, {})
    expect(figures).toEqual({ before: null, during: null, after: null })
    writeFileSync(join(incidents, "host.carol.1.ndjson"), '{"kind":')
    const page = await alice.run(showIncident, { id })
    expect(await alice.caveat(showIncident, page)).toBe(
      `left out, since it cannot be read, in ${incidents}: host.carol.1.ndjson (1 of 1 lines)`,
    )
    expect(readdirSync(incidents)).toHaveLength(2)
  })
})
