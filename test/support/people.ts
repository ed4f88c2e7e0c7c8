import { createHash, randomBytes, randomUUID } from "node:crypto"
import bcrypt from "bcryptjs"
import type { Insertable } from "kysely"
import type { Postgres } from "../../src/adapters/postgres/connection.ts"
import type { Tables } from "../../src/adapters/postgres/tables.ts"

export interface Person {
  readonly id: string
  /** The personal organization. */
  readonly orgId: string
  readonly login: string
  readonly password: string
}

export interface PersonOptions extends Partial<Insertable<Tables["users"]>> {
  /** In the personal organization. */
  role?: string
}

/** Adds a user with a login, a password and a personal organization; a plain member unless `role` says otherwise. */
export async function addPerson(postgres: Postgres, { role = "member", ...columns }: PersonOptions = {}) {
  const name = `person-${randomUUID()}`
  const id = columns.id ?? randomUUID()
  const person: Person = { id, orgId: randomUUID(), login: name, password: `password of ${name}` }
  // Cost 4 is the least there is: these hashes protect nobody.
  const password_hash = await bcrypt.hash(person.password, 4)
  await postgres.transaction(async tx => {
    await tx
      .insertInto("users")
      .values({ username: name, email: `${name}@example.com`, ...columns, id })
      .execute()
    await tx.insertInto("user_credentials").values({ user_id: id, login: person.login, password_hash }).execute()
    await tx.insertInto("orgs").values({ id: person.orgId, slug: name, name, owner_user_id: id }).execute()
    await tx.insertInto("org_memberships").values({ org_id: person.orgId, user_id: id, role }).execute()
  })
  return person
}

export const addAdministrator = (postgres: Postgres, columns: PersonOptions = {}) =>
  addPerson(postgres, { role: "platform_admin", ...columns })

/** Adds an API key of `person` in `org_id` (the personal organization); returns the key itself. */
export async function addApiKey(
  postgres: Postgres,
  person: Person,
  columns: Partial<Insertable<Tables["api_keys"]>> = {},
): Promise<string> {
  const key = `ak-${randomBytes(32).toString("hex")}`
  const key_hash = createHash("sha256").update(key).digest("hex")
  const plain = { org_id: person.orgId, user_id: person.id, name: "test", key_prefix: key.slice(0, 8), key_hash }
  await postgres.transaction(tx =>
    tx
      .insertInto("api_keys")
      .values({ ...plain, scopes: ["platform.admin"], ...columns })
      .execute(),
  )
  return key
}
