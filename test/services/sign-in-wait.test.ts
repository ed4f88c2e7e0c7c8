import { createHash, randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { signIn } from "../../src/services/sign-in.ts"
import { VERSION } from "../../src/version.ts"
import { addAdministrator } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")

eachGeneration(database => {
  test("each refusal makes the next attempt with that login wait longer, whoever makes it", async () => {
    const login = `nobody-${randomUUID()}`
    const waits: number[] = []
    for (let attempt = 0; attempt < 4; attempt++) {
      const before = performance.now()
      await expect(signIn(database, { login, password: "x" }, { console: false })).rejects.toThrow("refused")
      waits.push(performance.now() - before)
    }
    expect(waits[1]).toBeGreaterThan(250)
    expect(waits[3]).toBeGreaterThan(1000)
  })

  test("somebody else's failed logins on the platform's page make nobody wait here", async () => {
    const person = await addAdministrator(database.postgres)
    const target_id = sha256(person.login)
    const row = { action: "auth.login", target_type: "user_login", target_id, trace_id: "" }
    await database.postgres.transaction(tx =>
      tx
        .insertInto("audit_logs")
        .values(
          // The user agent is what the stranger sent.
          ["Mozilla/5.0", `opsdeck/${VERSION}`].flatMap(user_agent =>
            Array.from({ length: 20 }, () => ({
              ...row,
              user_agent,
              metadata_json: JSON.stringify({ result: "failed", method: "password", login_hash: target_id }),
            })),
          ),
        )
        .execute(),
    )
    const signal = AbortSignal.timeout(8_000)
    await expect(signIn(database, person, { console: false, signal })).resolves.toMatchObject({
      userId: person.id,
    })
  })

  test("the wait ends when the operator gives up", async () => {
    const login = `nobody-${randomUUID()}`
    await database.postgres.transaction(tx =>
      tx
        .insertInto("audit_logs")
        .values(
          Array.from({ length: 40 }, () => ({
            action: "auth.login",
            target_type: "user_login",
            target_id: sha256(login),
            trace_id: "",
            user_agent: `opsdeck/${VERSION}`,
          })),
        )
        .execute(),
    )
    const signal = AbortSignal.timeout(300)
    await expect(signIn(database, { login, password: "x" }, { console: false, signal })).rejects.toMatchObject({
      code: "cancelled",
    })
  })
})
