import pg from "pg"
import { expect, onTestFinished, test } from "vitest"
import { deleteUser, updateUser } from "../../src/services/users/user-changes.ts"
import { automationIn } from "../support/automation.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { subjectsIn } from "../support/subjects.ts"
import { eventually } from "../support/waiting.ts"

const RESUMED = "what is paused is resumed in the platform, which works out the next times"
const OFF = { jobs: [], rows: [], channel: false, heartbeats: [0, 0] }

eachGeneration(database => {
  const operations = operationsOn(database)
  const { audit } = subjectsIn(database)
  const { automate, isOn } = automationIn(database)
  const sql = (query: string) => asSuperuser(query, database.url)

  /** Names of the notifications from now on, in the order of the alphabet. */
  async function notifications() {
    const client = new pg.Client(database.url)
    await client.connect()
    onTestFinished(() => client.end())
    const heard = new Set<string>()
    client.on("notification", ({ channel }) => heard.add(channel))
    await client.query('listen "arkloop:heartbeat"; listen "arkloop:scheduled_jobs"')
    return () => [...heard].sort()
  }

  test.each([
    ["suspending", (id: string) => [updateUser, { id, status: "suspended" }] as const],
    ["deleting", (id: string) => [deleteUser, { id }] as const],
  ])("%s says which jobs, channels and heartbeats go on, and pauses them where that is asked for", async (_, ask) => {
    const person = await addPerson(database.postgres)
    const automation = await automate(person)
    const deck = await operations.deck()
    const [change, input] = ask(person.id)
    const before = await isOn(automation)
    const pausing = { ...input, pause_automation: true }
    expect((await deck.preview(change as never, input)).effects.slice(-3)).toEqual([
      "2 scheduled jobs go on: Daily report, Digest",
      "1 channel goes on: telegram",
      "2 heartbeats go on",
    ])
    expect((await deck.preview(change as never, pausing)).effects.slice(-4)).toEqual([
      "2 scheduled jobs are paused: Daily report, Digest",
      "1 channel is paused: telegram",
      "2 heartbeats stop",
      RESUMED,
    ])
    expect(await isOn(automation)).toEqual(before)
    const heard = await notifications()
    const { steps } = await deck.change(change as never, pausing)
    expect(steps.map(({ what }) => what)).toEqual(
      expect.arrayContaining(["2 jobs paused", "1 channel paused", "2 heartbeats stopped"]),
    )
    expect(await isOn(automation)).toEqual(OFF)
    await eventually(() => expect(heard()).toEqual(["arkloop:heartbeat", "arkloop:scheduled_jobs"]))
    const { channel, daily, digest, link, person: identity, group } = automation
    const [row] = await audit(person.id)
    expect(row).toMatchObject({
      action: "users.status_changed",
      metadata_json: { scheduled_jobs: 2, channels: 1, heartbeats: 2 },
      before_state_json: {
        status: "active",
        scheduled_jobs: [
          { id: daily, enabled: true },
          { id: digest, enabled: true },
        ],
        channels: [{ id: channel, is_active: true }],
        heartbeats: expect.arrayContaining(
          [identity, group].map(channel_identity_id =>
            expect.objectContaining({
              channel_id: channel,
              channel_identity_id,
              persona_key: "claw",
              interval_min: 30,
            }),
          ),
        ),
        heartbeat_settings: [
          { table: "channel_identity_links", id: link, heartbeat_enabled: 1 },
          { table: "channel_identities", id: group, heartbeat_enabled: 1 },
        ],
      },
      after_state_json: { channels: [{ id: channel, is_active: false }] },
    })
  })

  test("without an option it goes on", async () => {
    const person = await addPerson(database.postgres)
    const automation = await automate(person)
    const before = await isOn(automation)
    const deck = await operations.deck()
    await deck.change(updateUser, { id: person.id, status: "suspended" })
    expect(await isOn(automation)).toEqual(before)
  })

  test("of somebody who is suspended already, or active, is paused by itself, once", async () => {
    const person = await addPerson(database.postgres, { status: "suspended" })
    const automation = await automate(person)
    const deck = await operations.deck()
    const input = { id: person.id, pause_automation: true } as const
    expect(await deck.preview(updateUser, input)).toMatchObject({
      title: `Pause the automation of ${person.login}`,
      needsConfirmation: true,
    })
    await deck.change(updateUser, { ...input, status: "suspended" })
    expect(await isOn(automation)).toEqual(OFF)
    expect(await audit(person.id)).toMatchObject([{ action: "users.update", metadata_json: { channels: 1 } }])
    expect(await deck.preview(updateUser, input)).toMatchObject({
      effects: ["nothing changes: everything already has these values"],
      notes: { pause_automation: "they have none" },
      needsConfirmation: false,
    })
    expect((await deck.change(updateUser, input)).steps).toEqual([])
  })

  test("of others goes on: also the heartbeat of a group where both have one", async () => {
    const [person, other] = [await addPerson(database.postgres), await addPerson(database.postgres)]
    const [mine, theirs] = [await automate(person), await automate(other)]
    await sql(`update scheduled_triggers set channel_identity_id = '${mine.group}'
      where channel_identity_id = '${theirs.group}'`)
    const before = await isOn(theirs)
    const deck = await operations.deck()
    await deck.change(updateUser, { id: person.id, pause_automation: true })
    expect(await isOn(mine)).toMatchObject({ channel: false, rows: [], heartbeats: [0, 1] })
    expect(await isOn(theirs)).toEqual(before)
    await deck.change(updateUser, { id: other.id, pause_automation: true })
    expect(await isOn(mine)).toMatchObject({ heartbeats: [0, 0] })
  })

  test("long names are cut, and the rest of many counted", async () => {
    const { id, orgId } = await addPerson(database.postgres)
    const org = database.generation === "orgs" ? "org_id" : "account_id"
    await sql(
      `insert into scheduled_jobs (${org}, name) select '${orgId}', repeat(n::text, 100) from generate_series(1, 6) n`,
    )
    const { effects } = await (await operations.deck()).preview(updateUser, { id, status: "suspended" })
    const names = [1, 2, 3, 4].map(n => `${String(n).repeat(40)}…`)
    expect(effects).toContain(`6 scheduled jobs go on: ${names.join(", ")}, 2 more`)
  })

  test("is paused before the platform told heartbeats of channels and of jobs apart", async () => {
    const person = await addPerson(database.postgres)
    const { channel, group, link, person: identity } = await automate(person)
    await sql(`delete from scheduled_triggers where job_id is not null;
      update channel_identities set heartbeat_enabled = 1 where id = '${identity}';
      drop table scheduled_jobs;
      alter table scheduled_triggers drop column trigger_kind, drop column job_id, drop column channel_id;
      alter table channel_identity_links drop column heartbeat_enabled`)
    const deck = await operations.deck()
    const { effects } = await deck.preview(updateUser, { id: person.id, status: "suspended" })
    expect(effects.slice(-2)).toEqual(["1 channel goes on: telegram", "2 heartbeats go on"])
    await deck.change(updateUser, { id: person.id, status: "suspended", pause_automation: true })
    const identities = await sql(
      `select heartbeat_enabled from channel_identities where id in ('${group}', '${identity}')`,
    )
    expect(identities).toEqual([{ heartbeat_enabled: 0 }, { heartbeat_enabled: 0 }])
    expect(
      await sql(`select from scheduled_triggers where channel_identity_id in ('${group}', '${identity}')`),
    ).toEqual([])
    expect(await sql(`select is_active from channels where id = '${channel}'`)).toEqual([{ is_active: false }])
    expect(await sql(`select from channel_identity_links where id = '${link}'`)).toHaveLength(1)
  })

  test("is nothing where the platform has no table of it", async () => {
    await sql(`drop table scheduled_triggers, channels, channel_identity_links, channel_identities`)
    const person = await addPerson(database.postgres)
    const deck = await operations.deck()
    const input = { id: person.id, status: "suspended", pause_automation: true } as const
    expect((await deck.preview(updateUser, input)).effects).toEqual(["sign-in blocked; all sessions revoked"])
    expect((await deck.change(updateUser, input)).answer.status).toBe("suspended")
  })
})
