import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { oneGateway } from "../../src/adapters/redis/connections.ts"
import type { RunEvent } from "../../src/domain/run-event-query.ts"
import { Deck } from "../../src/services/deck.ts"
import { openPlatform } from "../../src/services/platform.ts"
import { unlockRunContent } from "../../src/services/runs/run-content.ts"
import { followRunEvents, listRunEvents } from "../../src/services/runs/run-events.ts"
import { listRunMessages } from "../../src/services/runs/run-messages.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { platformGranted } from "../support/grants.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { contentIn } from "../support/run-content.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const sql = (text: string) => asSuperuser(text, database.url)
  const { runWith, audits } = contentIn(database)
  const orgId = database.generation === "orgs" ? "org_id" : "account_id"
  let admin: Person
  let deck: Deck
  beforeAll(async () => {
    admin = await addAdministrator(database.postgres)
    deck = await operations.deck(admin)
  })
  const ROW = { action: "runs.messages_read", target_type: "run", org: null, before_state_json: null }

  const messages = (run_id: string, of = deck) => of.run(listRunMessages, { run_id })
  const contents = async (run_id: string) => (await messages(run_id)).data.map(({ content }) => content)

  describe("messages", () => {
    test("are those of the thread up to the end of the run, and its own, oldest first; reading them is recorded", async () => {
      const { id, say } = await runWith()
      await say("12:11:00", "after it")
      await say("12:10:00.000001", "its answer", {
        role: "assistant",
        metadata_json: JSON.stringify({ run_id: id }),
      })
      await say("11:00:00", "hello \u001b[2J\u202e\nthere", { created_by_user_id: admin.id })
      await say("11:30:00", "hidden", { hidden: true })
      await say("11:31:00", "deleted", { deleted_at: "2026-03-01T12:00:00Z" })
      const { data, ...others } = await messages(id)
      expect(others).toEqual({ kept: true, left_out: 0, running: false })
      expect(data).toEqual([
        {
          ...{ id: expect.any(String), role: "user", content: "hello \u001b[2J\u202e\nthere", run_id: null },
          ...{ created_at: "2026-03-01T11:00:00Z", created_by_user_id: admin.id },
        },
        {
          ...{ id: expect.any(String), role: "assistant", content: "its answer", run_id: id },
          ...{ created_at: "2026-03-01T12:10:00.000001Z", created_by_user_id: null },
        },
      ])
      await messages(id)
      const row = {
        ...ROW,
        actor_user_id: admin.id,
        metadata_json: { scope: "messages" },
        trace_id: expect.any(String),
      }
      expect(await audits(id)).toEqual([row, row])
    })

    test("are the newest 200, of a run that goes on all until now, and of a deleted one as well", async () => {
      const { id, org, thread } = await runWith()
      await sql(`update runs set status = 'running', completed_at = null, deleted_at = now() where id = '${id}';
        insert into messages (thread_id, ${orgId}, role, content, created_at)
        select '${thread}', '${org}', 'user', n, now() - (203 - n) * interval '1 s' from generate_series(1, 203) n`)
      const { data, running } = await messages(id)
      expect([running, data.length, data[0]?.content, data.at(-1)?.content]).toEqual([true, 200, "4", "203"])
    })

    test("of a megabyte each are whole, up to so many together; that some are left out is told", async () => {
      const { id, say } = await runWith()
      for (let at = 10; at < 28; at++) await say(`11:${at}:00`, String(at).padEnd(1 << 20, "x"))
      const { data, left_out } = await messages(id)
      expect(data).toHaveLength(16)
      expect(data.every(({ content }) => content.length === 1 << 20)).toBe(true)
      expect(data[0]?.content.slice(0, 3)).toBe("12x")
      expect(left_out).toBe(2)
    })

    test("of a platform without their table are none, and without newer columns they are there", async () => {
      const { id, say } = await runWith()
      await say("11:00:00", "old")
      await sql("alter table messages drop column hidden, drop column deleted_at, drop column metadata_json")
      expect(await contents(id)).toEqual(["old"])
      await sql(`alter table messages add column hidden boolean not null default false, add column deleted_at timestamptz,
        add column metadata_json jsonb not null default '{}'`)
      const before = await audits(id)
      await sql("alter table messages rename to away")
      try {
        const answer = await messages(id)
        expect(answer).toEqual({ data: [], kept: false, left_out: 0, running: false })
        expect(await deck.caveat(listRunMessages, answer)).toBe("messages are not kept by this platform")
        expect(await audits(id)).toEqual(before)
      } finally {
        await sql("alter table away rename to messages")
      }
    })

    test("of a run that does not exist are not found, and nothing is recorded", async () => {
      const id = randomUUID()
      await expect(messages(id)).rejects.toMatchObject({ code: "not_found" })
      expect(await audits(id)).toEqual([])
    })
  })

  describe("events with content", () => {
    const SECRET = { payload: { messages: ["secret"] }, llm_call_id: "c1" }

    test("have what users wrote, and each reading is recorded; without it none is", async () => {
      const { id } = await runWith(SECRET, { result: "\u001b[2J" })
      expect((await deck.run(listRunEvents, { run_id: id })).data[0]?.data).toMatchObject({ payload: { bytes: 24 } })
      expect(await audits(id)).toEqual([])
      const { data } = await deck.run(listRunEvents, { run_id: id, content: true })
      expect(data.map(event => event.data)).toEqual([SECRET, { result: "\u001b[2J" }])
      expect(await audits(id)).toMatchObject([{ ...ROW, metadata_json: { scope: "events" } }])
    })

    test("are followed with it, and recorded once", async () => {
      const { id } = await runWith(SECRET, SECRET)
      const seen: unknown[] = []
      for await (const item of deck.follow(followRunEvents, { run_id: id, content: true })) {
        seen.push((item as RunEvent).data)
      }
      expect(seen).toEqual([SECRET, SECRET])
      expect(await audits(id)).toHaveLength(1)
    })

    test("come in pages of so many bytes, one event at least, none left out", async () => {
      const large = (letter: string) => ({ payload: letter.repeat(9 << 20) })
      const { id } = await runWith({ a: 1 }, large("x"), large("y"), { b: 2 })
      const first = await deck.run(listRunEvents, { run_id: id, content: true })
      expect(first.data.map(({ seq }) => seq)).toEqual([1n, 2n, 3n])
      expect(first.next_after).toBe(3n)
      const rest = await deck.run(listRunEvents, { run_id: id, content: true, after: "3" })
      expect(rest.data.map(({ data }) => data)).toEqual([{ b: 2 }])
      expect(rest).not.toHaveProperty("next_after")
    })
  })

  describe("unlocked in a console", () => {
    test("all of one run is read with one row in the audit log, and nothing of another run", async () => {
      const [{ id, say }, other] = [await runWith({ payload: "secret" }), await runWith({ payload: "other" })]
      await say("11:00:00", "hello")
      const right = await deck.run(unlockRunContent, { run_id: id })
      for (let time = 0; time < 2; time++) {
        expect((await deck.run(listRunMessages, { run_id: id, right })).data).toHaveLength(1)
        const { data } = await deck.run(listRunEvents, { run_id: id, right })
        expect(data[0]?.data).toEqual({ payload: "secret" })
      }
      expect(await audits(id)).toMatchObject([
        { ...ROW, metadata_json: { scope: "everything" }, trace_id: right.traceId },
      ])
      await deck.run(listRunEvents, { run_id: other.id, right })
      expect(await audits(other.id)).toHaveLength(1)
    })

    test("is no right that somebody could make up", async () => {
      const { id } = await runWith({ payload: "secret" })
      const made = { runId: id, traceId: "x" }
      await expect(deck.run(listRunEvents, { run_id: id, right: made })).rejects.toMatchObject({ code: "invalid" })
    })
  })

  test("a read-only session may read it, and that is recorded", async () => {
    const { id, say } = await runWith()
    await say("11:00:00", "hello")
    const config = {
      environment: "PROD-EU",
      postgres: { url: database.url },
      redis: {
        api: { url: `${operations.server.url}/0` },
        gateways: oneGateway({ url: `${operations.server.url}/1` }),
      },
    }
    const platform = openPlatform(config, { name: "PROD-EU", readOnly: "nothing was changed: this is a test" })
    onTestFinished(() => platform.close())
    const reader = new Deck(platform, await signIn(platform, admin, { console: false }))
    expect((await messages(id, reader)).data).toHaveLength(1)
    expect(await audits(id)).toHaveLength(1)
  })

  describe("refuses", () => {
    const refused = {
      code: "unavailable",
      message: expect.stringMatching(/only where that is recorded .*could not be: P/),
    }

    test("where the row cannot be written", async () => {
      const { id, say } = await runWith({ payload: "secret" })
      await say("11:00:00", "hello")
      await sql("alter table audit_logs add constraint no_more check (action <> 'runs.messages_read') not valid")
      onTestFinished(async () => void (await sql("alter table audit_logs drop constraint no_more")))
      await expect(messages(id)).rejects.toThrow()
      await expect(deck.run(listRunEvents, { run_id: id, content: true })).rejects.toThrow()
      expect(await audits(id)).toEqual([])
    })

    test("an operator who lost the permission", async () => {
      const { id, say } = await runWith()
      await say("11:00:00", "hello")
      const other = await addAdministrator(database.postgres)
      const theirs = await operations.deck(other)
      await sql(`update users set status = 'suspended' where id = '${other.id}'`)
      await expect(messages(id, theirs)).rejects.toMatchObject({ code: "forbidden" })
      expect(await audits(id)).toEqual([])
    })

    describe("a role", () => {
      const granted = platformGranted("reading", database, operations, false)
      const theirs = async () => new Deck(granted.platform, await signIn(granted.platform, admin, { console: false }))

      test("that may not read messages, with the remedy, and records nothing", async () => {
        const { id } = await runWith({ payload: "secret" })
        const message = expect.stringContaining("doctor --grants --with-messages")
        await expect(messages(id, await theirs())).rejects.toMatchObject({ code: "unavailable", message })
        expect(await audits(id)).toEqual([])
      })

      test("that may not write the audit log", async () => {
        const { id } = await runWith({ payload: "secret" })
        const reader = await theirs()
        const role = new URL(granted.config.postgres.url).username
        await sql(`revoke insert on audit_logs from ${role}`)
        onTestFinished(async () => void (await sql(`grant insert on audit_logs to ${role}`)))
        const asked = reader.run(listRunEvents, { run_id: id, content: true })
        await expect(asked).rejects.toMatchObject({ ...refused, message: expect.stringMatching(/denied permission/) })
        await expect(reader.run(unlockRunContent, { run_id: id })).rejects.toMatchObject(refused)
      })
    })
  })
})
