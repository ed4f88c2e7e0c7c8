import { randomUUID } from "node:crypto"
import { addApiKey, addPerson, type Person } from "./people.ts"
import { asSuperuser, type TestDatabase } from "./postgres.ts"

/** People to change, and what of them stands in `database`. */
export function subjectsIn(database: TestDatabase) {
  /** Somebody with two sessions, three invite codes of which one is off, two API keys and a run that is going on. */
  async function equipped(columns: Parameters<typeof addPerson>[1] = {}): Promise<Person> {
    const person = await addPerson(database.postgres, columns)
    await addApiKey(database.postgres, person)
    await addApiKey(database.postgres, person)
    const { id: user_id, orgId: org_id } = person
    await database.postgres.transaction(async tx => {
      const expires_at = "2100-01-01T00:00:00Z"
      for (const token_hash of ["a", "b"]) {
        await tx.insertInto("refresh_tokens").values({ user_id, token_hash, expires_at }).execute()
      }
      for (const is_active of [true, true, false]) {
        await tx.insertInto("invite_codes").values({ user_id, code: randomUUID(), max_uses: 1, is_active }).execute()
      }
      const thread = { org_id, thread_id: randomUUID() }
      await tx
        .insertInto("runs")
        .values({ ...thread, created_by_user_id: user_id })
        .execute()
    })
    return person
  }

  const row = (id: string) =>
    database.postgres.run(db => db.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirstOrThrow())

  /** What stops or goes on with somebody: how many there are of each. */
  const holdings = async ({ id }: Person) => {
    const [found] = await asSuperuser(
      `select
        (select count(*)::int from refresh_tokens where user_id = '${id}' and revoked_at is null) as sessions,
        (select count(*)::int from invite_codes where user_id = '${id}' and is_active) as codes,
        (select count(*)::int from api_keys where user_id = '${id}' and revoked_at is null) as keys,
        (select count(*)::int from user_credentials where user_id = '${id}') as credentials`,
      database.url,
    )
    return found
  }

  /** What was written down about somebody, oldest first. */
  const audit = (id: string) =>
    database.postgres.run(db =>
      db
        .selectFrom("audit_logs")
        .selectAll()
        .where("target_id", "=", id)
        .where("action", "like", "users.%")
        .orderBy("ts")
        .orderBy("action")
        .execute(),
    )

  /** The time before which somebody's tokens are dead, as Redis has it. */
  const microseconds = async (id: string) => {
    const [mark] = await asSuperuser(
      `select (extract(epoch from tokens_invalid_before) * 1000000)::bigint as mark from users where id = '${id}'`,
      database.url,
    )
    return mark?.mark as string
  }

  return { equipped, row, holdings, audit, microseconds }
}
