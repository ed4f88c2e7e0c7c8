import { createHash } from "node:crypto"
import { expect, test } from "vitest"
import { apiKeyCacheKey, tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { repair } from "../../src/services/repair.ts"
import { endUserAccess } from "../../src/services/users/end-access.ts"
import { listUsers } from "../../src/services/users/users.ts"
import { automationIn } from "../support/automation.ts"
import { operationsOn } from "../support/operators.ts"
import { addApiKey } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { subjectsIn } from "../support/subjects.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const { equipped, row, holdings, audit, microseconds } = subjectsIn(database)
  const { automate, isOn } = automationIn(database)

  const NOTHING = {
    sessions: 0,
    keys: 0,
    invite_codes: 0,
    automation: 0,
    scheduled_jobs: 0,
    channels: 0,
    heartbeats: 0,
  }

  test("ends sessions, keys, invite codes and automation, counts them, and leaves the status", async () => {
    const person = await equipped()
    const automation = await automate(person)
    const cached = apiKeyCacheKey(
      createHash("sha256")
        .update(await addApiKey(database.postgres, person))
        .digest("hex"),
    )
    await operations.api.set(cached, "{}")
    const deck = await operations.deck()
    const preview = await deck.preview(endUserAccess, { id: person.id, pause_automation: true })
    expect(preview).toEqual({
      title: `End the access of ${person.login}`,
      subject: [expect.stringContaining(person.login), "status active"],
      effects: [
        "all sessions revoked: 2 at the moment",
        "they can sign in again: suspend them to block that",
        "3 API keys are revoked",
        "2 invite codes are switched off",
        "an owner without an active invite code gets a new, active one when they next open their page",
        "1 run in progress is not stopped",
        "2 scheduled jobs are paused: Daily report, Digest",
        "1 channel is paused: telegram",
        "2 heartbeats stop",
        "what is paused is resumed in the platform, which works out the next times",
      ],
      notes: {},
      needsConfirmation: true,
    })
    const { answer, steps } = await deck.change(endUserAccess, {
      id: person.id,
      pause_automation: true,
      reason: "stolen laptop",
    })
    expect(answer).toEqual({
      sessions: 2,
      keys: 3,
      invite_codes: 2,
      automation: 5,
      scheduled_jobs: 2,
      channels: 1,
      heartbeats: 2,
    })
    expect(steps.map(({ what }) => what)).toEqual([
      "sessions (PostgreSQL)",
      "sessions (Redis)",
      "2 codes off",
      "3 keys revoked",
      "cached keys (Redis)",
      "2 jobs paused",
      "1 channel paused",
      "2 heartbeats stopped",
      expect.stringMatching(/^audit/),
    ])
    expect(await row(person.id)).toMatchObject({ status: "active", deleted_at: null })
    expect(await holdings(person)).toEqual({ sessions: 0, codes: 0, keys: 0, credentials: 1 })
    expect(await isOn(automation)).toEqual({ jobs: [], rows: [], channel: false, heartbeats: [0, 0] })
    expect(await operations.api.get(tokenMarkKey(person.id))).toBe(await microseconds(person.id))
    expect(await operations.api.exists(cached)).toBe(0)
    expect(await audit(person.id)).toMatchObject([
      {
        action: "users.end_access",
        target_type: "user",
        metadata_json: {
          sessions: 2,
          invite_codes: 2,
          api_keys: 3,
          scheduled_jobs: 2,
          channels: 1,
          heartbeats: 2,
          reason: "stolen laptop",
        },
      },
    ])
  })

  test("of a user whom the platform deleted, who is then found no more", async () => {
    const person = await equipped()
    await asSuperuser(`update users set deleted_at = now() where id = '${person.id}'`, database.url)
    const deck = await operations.deck()
    const leftOver = async () => (await deck.run(listUsers, { status: "left-over" })).data.map(({ id }) => id)
    expect(await leftOver()).toContain(person.id)
    expect((await deck.change(endUserAccess, { id: person.id })).answer).toEqual({
      ...NOTHING,
      ...{ sessions: 2, keys: 2, invite_codes: 2 },
    })
    expect(await leftOver()).not.toContain(person.id)
    expect(await row(person.id)).toMatchObject({ status: "active", deleted_at: expect.any(String) })
    const second = await deck.change(endUserAccess, { id: person.id })
    expect(second.answer).toEqual(NOTHING)
    expect(second.steps.map(({ what }) => what)).toContain("sessions (Redis)")
  })

  test("leaves the automation unless that is asked for", async () => {
    const person = await equipped()
    const automation = await automate(person)
    const before = await isOn(automation)
    const deck = await operations.deck()
    const input = { id: person.id }
    expect((await deck.preview(endUserAccess, input)).effects).toContain("1 channel goes on: telegram")
    expect((await deck.change(endUserAccess, input)).answer).toMatchObject({ keys: 2, automation: 0 })
    expect(await isOn(automation)).toEqual(before)
  })

  test("counts no session that had expired", async () => {
    const person = await equipped()
    await asSuperuser(
      `update refresh_tokens set expires_at = now() where user_id = '${person.id}' and token_hash = 'a'`,
      database.url,
    )
    expect((await (await operations.deck()).change(endUserAccess, { id: person.id })).answer.sessions).toBe(1)
    expect(await holdings(person)).toMatchObject({ sessions: 0 })
  })

  test("is repaired where Redis lost it", async () => {
    const person = await equipped()
    const deck = await operations.deck()
    await deck.change(endUserAccess, { id: person.id })
    await operations.api.del(tokenMarkKey(person.id))
    await deck.change(repair, {})
    expect(await operations.api.get(tokenMarkKey(person.id))).toBe(await microseconds(person.id))
  })
})
