import { createHash } from "node:crypto"
import { expect, test } from "vitest"
import { Gateway, newStream, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addAdministrator, addApiKey, addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

const gateway = Gateway.forTests()

eachGeneration(database => {
  const operations = new Operations(database, gateway)

  /** The console without credentials, on a stream that holds a request to `/secret`. */
  async function openConsole(env: Record<string, string | undefined> = {}) {
    const stream = newStream()
    await gateway.add(stream, [request({ path: "/secret" })])
    const terminal = operations.open(stream, undefined, { OPSDECK_API_KEY: undefined, ...env })
    await terminal.see("Sign in", "login", "password")
    return terminal
  }

  const audited = (targetId: string) =>
    database.postgres.run(db =>
      db
        .selectFrom("audit_logs")
        .select(["action", "actor_user_id", "metadata_json"])
        .where("target_id", "=", targetId)
        .orderBy("ts")
        .execute(),
    )

  test("a wrong password is refused in one sentence, the right one opens the log, both are audited", async () => {
    const administrator = await addAdministrator(database.postgres)
    const terminal = await openConsole()
    terminal.type(`${administrator.login}\twrong\r`)
    await terminal.see("sign-in refused: wrong credentials, or not those of a platform")
    terminal.type(`${administrator.password}\r`)
    await terminal.see("● live", "/secret", administrator.login)
    expect(terminal.output.indexOf("/secret")).toBeGreaterThan(terminal.output.indexOf("sign-in refused"))
    expect(terminal.output).not.toContain(administrator.password)

    const fingerprint = createHash("sha256").update(administrator.login).digest("hex")
    expect(await audited(fingerprint)).toMatchObject([{ action: "auth.login", metadata_json: { result: "failed" } }])
    expect(await audited(administrator.id)).toMatchObject([
      { action: "auth.login", actor_user_id: administrator.id, metadata_json: { result: "succeeded" } },
    ])
  })

  test("somebody who is no platform administrator sees nothing", async () => {
    const { login, password } = await addPerson(database.postgres)
    const terminal = await openConsole()
    terminal.type(`${login}\t${password}\r`)
    await terminal.see("sign-in refused")
    expect(terminal.output).not.toContain("/secret")
  })

  test("a revoked key is refused and a login asked for", async () => {
    const administrator = await addAdministrator(database.postgres)
    const key = await addApiKey(database.postgres, administrator, { revoked_at: new Date().toISOString() })
    const terminal = await openConsole({ OPSDECK_API_KEY: key })
    await terminal.see("sign-in refused")
    expect(terminal.output).not.toContain("/secret")
    expect(terminal.output).not.toContain(key)
    terminal.type(`${administrator.login}\t${administrator.password}\r`)
    await terminal.see("● live", "/secret")
  })

  test("a field left empty is named; Tab and Shift-Tab go round", async () => {
    const terminal = await openConsole()
    terminal.press("enter")
    await terminal.see("a login or an e-mail address", "the password")
    terminal.press("tab").type("abc")
    await terminal.see(/password +•••/)
    terminal.press("shift-tab").type("somebody")
    await terminal.see(/login +somebody/)
  })
})
