import { randomUUID } from "node:crypto"
import { sql } from "kysely"
import type { z } from "zod"
import type { Operator } from "../../src/domain/operator.ts"
import type { User } from "../../src/domain/user.ts"
import { Deck } from "../../src/services/deck.ts"
import type { Operation } from "../../src/services/operation.ts"
import type { TestDatabase } from "./postgres.ts"

/** Accounts and their invitations in `database`. */
export function referralsIn(database: TestDatabase) {
  /** New accounts; answers their ids by these names. */
  async function accounts<Name extends string>(...names: Name[]): Promise<Record<Name, string>> {
    const ids = Object.fromEntries(names.map(name => [name, randomUUID()])) as Record<Name, string>
    await database.postgres.transaction(async tx => {
      for (const name of names) {
        const id = ids[name]
        await tx.insertInto("users").values({ id, username: name }).execute()
        await tx
          .insertInto("user_credentials")
          .values({ user_id: id, login: `${name}-${id}`, password_hash: "" })
          .execute()
      }
    })
    return ids
  }

  /** One account invites others, in this order; the minutes since noon of 2026-03-01 tell the invitations apart. */
  async function invite(inviter: string, invitees: readonly string[], minute = 0, credited = true): Promise<void> {
    await database.postgres.transaction(tx =>
      tx
        .insertInto("referrals")
        .values(
          invitees.map((invitee, i) => ({
            inviter_user_id: inviter,
            invitee_user_id: invitee,
            invite_code_id: randomUUID(),
            credited,
            created_at: new Date(Date.UTC(2026, 2, 1, 12, minute + i)).toISOString(),
          })),
        )
        .execute(),
    )
  }

  /** A ring of these accounts in the order of inviting. */
  async function ring(...members: string[]): Promise<void> {
    for (const [place, member] of members.entries()) {
      await invite(member, [members[(place + 1) % members.length] as string], place)
    }
  }

  /** `count` new accounts, of which each invited the next, and `first` the first of them; answers the last. */
  const chain = (first: string, count: number) =>
    many(first, count, sql`case n when 1 then ${first}::uuid else md5(${first} || (n - 1))::uuid end`)

  /** `count` new accounts that `inviter` invited. */
  const crowd = (inviter: string, count: number) => many(inviter, count, sql`${inviter}::uuid`)

  async function many(seed: string, count: number, inviter: ReturnType<typeof sql>): Promise<string> {
    return database.postgres.transaction(async tx => {
      await sql`insert into users (id, username) select md5(${seed} || n)::uuid, 'account ' || n
        from generate_series(1, ${count}::int) n`.execute(tx)
      await sql`insert into referrals (inviter_user_id, invitee_user_id, invite_code_id, created_at)
        select ${inviter}, md5(${seed} || n)::uuid, gen_random_uuid(), timestamptz '2026-03-01 12:00Z' + n * interval '1 second'
        from generate_series(1, ${count}::int) n`.execute(tx)
      const { rows } = await sql<{ id: string }>`select md5(${seed} || ${count}::int)::uuid as id`.execute(tx)
      return rows[0]?.id as string
    })
  }

  /** Changes an account; a deleted one loses its credentials. */
  const change = (id: string, columns: { status?: User["status"]; deleted_at?: string }) =>
    database.postgres.transaction(async tx => {
      await tx.updateTable("users").set(columns).where("id", "=", id).execute()
      if (columns.deleted_at) await tx.deleteFrom("user_credentials").where("user_id", "=", id).execute()
    })

  const deck = () => new Deck({ postgres: database.postgres, redis: null as never }, {} as Operator)
  const ask = <Input extends z.ZodObject, Answer>(operation: Operation<Input, Answer>, input: z.input<Input>) =>
    deck().run(operation, input)

  return { accounts, invite, ring, chain, crowd, change, ask }
}
