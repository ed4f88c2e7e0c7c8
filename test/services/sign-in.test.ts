import { createHash, randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test, vi } from "vitest"
import type { Credentials } from "../../src/domain/credentials.ts"
import type { OperationContext } from "../../src/services/operation.ts"
import { authorize } from "../../src/services/permission.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { VERSION } from "../../src/version.ts"
import { addAdministrator, addApiKey, addPerson, type Person } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")

eachGeneration(database => {
  let admin: Person
  beforeAll(async () => {
    admin = await addAdministrator(database.postgres)
  })

  const enter = (credentials: Credentials, console = false) => signIn(database, credentials, { console })
  const auditRows = (target: string) =>
    database.postgres.run(db => db.selectFrom("audit_logs").selectAll().where("target_id", "=", target).execute())
  const now = () => new Date().toISOString()
  const byPassword = ({ login, password }: Person) => ({ login, password })

  test("a platform administrator signs in with login and password, which is audited", async () => {
    vi.stubEnv("SSH_CONNECTION", "2001:db8::7 50022 10.0.0.1 22")
    const operator = await enter(byPassword(admin))
    vi.unstubAllEnvs()
    expect(operator).toMatchObject({ userId: admin.id, login: admin.login, method: "password", apiKeyId: null })
    expect(await auditRows(admin.id)).toMatchObject([
      {
        org_id: null,
        actor_user_id: admin.id,
        action: "auth.login",
        target_type: "user",
        metadata_json: { result: "succeeded", method: "password" },
        ip_address: "2001:db8::7",
        user_agent: `opsdeck/${VERSION}`,
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ])
  })

  test("the e-mail address serves as well as the login", async () => {
    const { login, password } = admin
    await expect(enter({ login: `${login}@example.com`, password })).resolves.toMatchObject({ userId: admin.id, login })
  })

  test("an API key signs in; its use is noted, and audited only when it opens the console", async () => {
    const owner = await addAdministrator(database.postgres)
    const apiKey = await addApiKey(database.postgres, owner)
    const operator = await enter({ apiKey })
    expect(operator).toMatchObject({ userId: owner.id, method: "api_key", apiKeyId: expect.any(String) })
    const key = await database.postgres.run(db =>
      db.selectFrom("api_keys").select("last_used_at").where("user_id", "=", owner.id).executeTakeFirstOrThrow(),
    )
    expect(key.last_used_at).toMatch(/^\d{4}-.*Z$/)
    expect(await auditRows(owner.id)).toEqual([])
    await enter({ apiKey }, true)
    expect(await auditRows(owner.id)).toMatchObject([
      { api_key_id: operator.apiKeyId, metadata_json: { result: "succeeded", method: "api_key" } },
    ])
  })

  test("the role in the key's own organization counts, and for a login the one in the personal organization", async () => {
    const { postgres } = database
    const [member, boss] = [await addPerson(postgres), await addAdministrator(postgres)]
    await postgres.transaction(async tx => {
      await tx
        .insertInto("org_memberships")
        .values({ org_id: boss.orgId, user_id: member.id, role: "platform_admin", created_at: "2020-01-01T00:00:00Z" })
        .execute()
      await tx.updateTable("orgs").set({ type: "workspace" }).where("id", "=", boss.orgId).execute()
    })
    await expect(enter({ apiKey: await addApiKey(postgres, member, { org_id: boss.orgId }) })).resolves.toBeTruthy()
    await expect(enter({ apiKey: await addApiKey(postgres, member) })).rejects.toThrow("refused")
    await expect(enter(byPassword(member))).rejects.toThrow("refused")
    await postgres.transaction(tx =>
      tx.updateTable("orgs").set({ type: "workspace" }).where("id", "=", member.orgId).execute(),
    )
    await expect(enter(byPassword(member)), "with no personal organization, none counts").rejects.toThrow("refused")
  })

  test("a workspace's administrator signs in by login where their personal organization says so as well", async () => {
    const person = await addAdministrator(database.postgres)
    await database.postgres.transaction(tx =>
      tx
        .insertInto("org_memberships")
        .values({ org_id: randomUUID(), user_id: person.id, role: "member", created_at: "2020-01-01T00:00:00Z" })
        .execute(),
    )
    await expect(enter(byPassword(person))).resolves.toMatchObject({ userId: person.id })
    const elsewhere = await addApiKey(database.postgres, person, { org_id: admin.orgId })
    await expect(enter({ apiKey: elsewhere }), "the key's own organization alone counts").rejects.toThrow("refused")
  })

  test("a login is nobody else's e-mail address, not even a deleted user's", async () => {
    const { postgres } = database
    const person = await addAdministrator(postgres)
    const gone = await addPerson(postgres, { deleted_at: now() })
    const email = `${person.login}@example.com`
    await postgres.transaction(tx =>
      tx.updateTable("user_credentials").set({ login: email }).where("user_id", "=", gone.id).execute(),
    )
    await expect(enter({ login: email, password: person.password })).rejects.toThrow("refused")
    await expect(enter(byPassword(person))).resolves.toMatchObject({ userId: person.id })
  })

  describe("refuses, in one and the same words,", () => {
    const refusals: Record<string, () => Promise<Credentials>> = {
      "an unknown login": async () => ({ login: `nobody-${randomUUID()}`, password: "x" }),
      "a login with NUL and quotes": async () => ({ login: `nobody\0'"${randomUUID()}`, password: "\0" }),
      "a wrong password": async () => ({ login: (await addAdministrator(database.postgres)).login, password: "wrong" }),
      "somebody who is no platform administrator": async () => byPassword(await addPerson(database.postgres)),
      "a suspended user": async () => byPassword(await addAdministrator(database.postgres, { status: "suspended" })),
      "a deleted user": async () => byPassword(await addAdministrator(database.postgres, { deleted_at: now() })),
      "an empty login, though somebody's address is empty": async () => {
        const { password } = await addAdministrator(database.postgres, { email: "" })
        return { login: "", password }
      },
      "the e-mail address of a deleted user": async () => {
        const { login, password } = await addAdministrator(database.postgres, { deleted_at: now() })
        return { login: `${login}@example.com`, password }
      },
      "an administrator without a personal organization": async () => {
        const person = await addAdministrator(database.postgres)
        await database.postgres.transaction(tx =>
          tx.updateTable("orgs").set({ type: "workspace" }).where("id", "=", person.orgId).execute(),
        )
        return byPassword(person)
      },
      "who is administrator of a workspace alone": async () => {
        const person = await addPerson(database.postgres)
        const workspace = await addAdministrator(database.postgres)
        await database.postgres.transaction(async tx => {
          await tx.updateTable("orgs").set({ type: "workspace" }).where("id", "=", workspace.orgId).execute()
          await tx
            .insertInto("org_memberships")
            .values({ org_id: workspace.orgId, user_id: person.id, role: "platform_admin" })
            .execute()
        })
        return byPassword(person)
      },
      "the key of an organization where its owner is a member only": async () => {
        const person = await addAdministrator(database.postgres)
        const other = await addAdministrator(database.postgres)
        await database.postgres.transaction(tx =>
          tx
            .insertInto("org_memberships")
            .values({ org_id: other.orgId, user_id: person.id, role: "member" })
            .execute(),
        )
        return { apiKey: await addApiKey(database.postgres, person, { org_id: other.orgId }) }
      },
      "an unknown key": async () => ({ apiKey: `ak-${randomUUID()}` }),
      "a revoked key": async () => ({ apiKey: await addApiKey(database.postgres, admin, { revoked_at: now() }) }),
      "a key without the scope": async () => ({
        apiKey: await addApiKey(database.postgres, admin, { scopes: ["runs"] }),
      }),
      "a key without scopes": async () => ({ apiKey: await addApiKey(database.postgres, admin, { scopes: [] }) }),
      "a key in an organization that its owner is not in": async () => ({
        apiKey: await addApiKey(database.postgres, admin, { org_id: randomUUID() }),
      }),
      "the key of a suspended user": async () => {
        const suspended = await addAdministrator(database.postgres, { status: "suspended" })
        return { apiKey: await addApiKey(database.postgres, suspended) }
      },
    }
    for (const [who, credentialsOf] of Object.entries(refusals)) {
      test(who, async () => {
        const credentials = await credentialsOf()
        const error = await enter(credentials).catch(error => error)
        expect(error).toMatchObject({
          code: "forbidden",
          message: "sign-in refused: wrong credentials, or not those of a platform administrator",
        })
        const subject = "apiKey" in credentials ? credentials.apiKey : credentials.login
        expect(await auditRows(sha256(subject))).toMatchObject([
          {
            org_id: null,
            actor_user_id: null,
            action: "auth.login",
            target_type: "user_login",
            metadata_json: { result: "failed", method: "apiKey" in credentials ? "api_key" : "password" },
            trace_id: error.traceId,
          },
        ])
      })
    }
  })

  test("where one user alone may, another administrator is refused like anybody, and that is audited", async () => {
    const other = await addAdministrator(database.postgres)
    const only = (person: Person) => signIn(database, byPassword(person), { console: true, only: admin.id })
    await expect(only(other)).rejects.toMatchObject({
      code: "forbidden",
      message: /^sign-in refused: wrong credentials/,
    })
    expect(await auditRows(sha256(other.login))).toMatchObject([{ metadata_json: { result: "failed" } }])
    await expect(only(admin)).resolves.toMatchObject({ userId: admin.id })
  })

  test("the permission can be asked again, and is gone once the role, the key or the user is", async () => {
    const { postgres } = database
    const owner = await addAdministrator(postgres)
    const operator = await enter({ apiKey: await addApiKey(postgres, owner) })
    const context = { postgres, operator } as OperationContext
    await expect(authorize(context)).resolves.toBeUndefined()
    await postgres.transaction(tx =>
      tx.updateTable("api_keys").set({ revoked_at: now() }).where("user_id", "=", owner.id).execute(),
    )
    await expect(authorize(context)).rejects.toMatchObject({ code: "forbidden" })
    const byLogin = { ...context, operator: await enter(byPassword(owner)) }
    await expect(authorize(byLogin)).resolves.toBeUndefined()
    await postgres.transaction(tx =>
      tx.updateTable("org_memberships").set({ role: "member" }).where("user_id", "=", owner.id).execute(),
    )
    await expect(authorize(byLogin)).rejects.toMatchObject({ code: "forbidden" })
  })
})
