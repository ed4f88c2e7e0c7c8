import { describe, expect, test } from "vitest"
import { watchEmailTest } from "../../src/services/email/email.ts"
import { emailTestsOn, LOGIN, TO } from "../support/email-test.ts"
import { addAdministrator } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"
import { startMailServer, startPretender } from "../support/smtp.ts"

eachGeneration(database => {
  const { operations, settings, sql, leadTo, watch, audited } = emailTestsOn(database)

  describe("on the screen", () => {
    test("each step is told, then what became of it", async () => {
      const server = await startMailServer({ login: LOGIN })
      await leadTo(server.port)
      const items = await watch({})
      expect(items.map(item => ("name" in item ? item.name : item.outcome.result))).toEqual([
        "resolve",
        "connect",
        "greeting",
        "hello",
        "sign_in",
        "sender",
        "recipient",
        "message",
        "accepted",
      ])
      expect(await audited()).toMatchObject([{ to: TO, outcome: "accepted" }])
    })

    test("what is typed is tried before it is saved; what is not typed is as in force", async () => {
      const server = await startMailServer({ login: { ...LOGIN, pass: "typed horse" } })
      await leadTo(1)
      const typed = { smtp_port: server.port, smtp_pass: "typed horse", from: "typed@example.com" }
      expect((await watch(typed)).at(-1)).toMatchObject({ outcome: { result: "accepted", via: "settings" } })
      expect(server.mails).toMatchObject([{ from: "typed@example.com" }])
      expect((await watch({ smtp_port: server.port, smtp_pass: "" })).at(-1)).toMatchObject({
        outcome: { step: "sign_in" },
      })
      expect(server.logins.map(({ pass }) => pass)).toEqual(["typed horse", "correct horse"])
      expect((await settings.rows("email."))["email.smtp_port"]).toBe("1")
      expect(JSON.stringify(await audited())).not.toMatch(/horse/)
    })

    test("the stored password goes to no server that it was not stored for, and never in clear where it did not", async () => {
      const server = await startMailServer({ login: LOGIN })
      await leadTo(server.port)
      await settings.setRows("email.", {
        from: "no-reply@example.com",
        smtp_host: "mail.example.com",
        smtp_port: String(server.port),
        smtp_user: LOGIN.user,
        smtp_pass: LOGIN.pass,
        smtp_tls_mode: "starttls",
      })
      const [host, mode] = [{ smtp_host: "127.0.0.1" }, { smtp_tls_mode: "none" }]
      await expect(watch({ ...host, ...mode })).rejects.toMatchObject({
        code: "invalid",
        field: "smtp_pass",
        message: "must be typed: the stored password is for mail.example.com; type the one for 127.0.0.1",
      })
      await expect(watch(mode)).rejects.toMatchObject({ field: "smtp_pass", message: /encrypted only/ })
      expect([server.logins, await audited()]).toEqual([[], []])

      const typed = { ...host, ...mode, smtp_pass: LOGIN.pass }
      expect((await watch(typed)).at(-1)).toMatchObject({ outcome: { result: "accepted" } })
      expect((await watch({ ...host, ...mode, clear_smtp_pass: true })).at(-1)).toMatchObject({
        outcome: { result: "failed", step: "sign_in" },
      })
      expect((await watch({ ...host, ...mode, smtp_user: "" })).at(-1)).toMatchObject({ outcome: { step: "sender" } })
      expect(server.logins).toHaveLength(1)
    })

    test("Esc ends it, and that is in the audit trail", async () => {
      const leaving = new AbortController()
      const { port } = await startPretender({ greeting: () => leaving.abort() })
      await leadTo(port)
      const items = await watch({}, leaving.signal)
      expect(items.at(-1)).toMatchObject({ outcome: { result: "ended" } })
      expect(await audited()).toEqual([{ to: TO, via: "settings", outcome: "ended", response: "" }])
    })

    test("so does who stops reading", async () => {
      const { port } = await startPretender({})
      await leadTo(port)
      const deck = await operations.deck()
      for await (const item of deck.follow(watchEmailTest, { to: TO }))
        if ("name" in item && item.name === "connect") break
      expect(await audited()).toMatchObject([{ outcome: "ended" }])
    })

    test("it is for administrators, and nobody is connected to for others", async () => {
      let connections = 0
      const { port } = await startPretender({ greeting: () => connections++ })
      await leadTo(port)
      const person = await addAdministrator(database.postgres)
      const deck = await operations.deck(person)
      await sql(`update users set status = 'suspended' where id = '${person.id}'`)
      const items = deck.follow(watchEmailTest, { to: TO })
      await expect(items.next()).rejects.toMatchObject({ code: "forbidden" })
      expect(connections).toBe(0)
      expect(await audited()).toEqual([])
    })

    test.each(["a@b.c, d@e.f", "a@b.c\r\nRCPT TO:<d@e.f>", "A <a@b.c>", "G: a@b.c;", ""])("not to %j", async to => {
      await expect(watch({ to })).rejects.toMatchObject({ code: "invalid", field: "to" })
    })
  })
})
