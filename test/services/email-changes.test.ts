import { describe, expect, test, vi } from "vitest"
import { setEmail } from "../../src/services/email/email.ts"
import { emailOn, NAMED, PROVIDER, ROWS, SECRET, SIGNS_IN } from "../support/email-settings.ts"
import { eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const { operations, settings, deck, config, inspect, sql } = emailOn(database)
  const preview = async (input: object) => (await deck()).preview(setEmail, input)

  describe("a change", () => {
    const cached = ["email.smtp_host", "email.smtp_pass", "email.smtp_port"]
    const all = { smtp_host: "mail.example.com", smtp_port: "465", smtp_pass: "new horse", reason: "moved" }

    test("is in the rows, in the audit row without the password, and in no cache", async () => {
      for (const setting of cached) await settings.setCached(setting, "old")
      await settings.setCached("email.from", "kept")
      const { answer, steps, traceId } = await (await deck()).change(setEmail, all)
      expect(answer).toBeNull()
      expect(steps.map(({ what }) => what).slice(0, 4)).toEqual([
        "mail server",
        "port",
        "password",
        "API's cache (Redis)",
      ])
      expect(await settings.rows("email.")).toEqual({
        "email.from": ROWS.from,
        "email.smtp_host": "mail.example.com",
        "email.smtp_pass": "new horse",
        "email.smtp_port": "465",
        "email.smtp_tls_mode": "tls",
        "email.smtp_user": "platform",
      })
      expect(await settings.audit("email.config_update")).toEqual([
        {
          target_type: "platform_setting",
          target_id: "email",
          trace_id: traceId,
          metadata_json: { reason: "moved" },
          before_state_json: { smtp_host: "smtp.example.com", smtp_port: "2525", smtp_pass: "***" },
          after_state_json: { smtp_host: "mail.example.com", smtp_port: "465", smtp_pass: "***" },
        },
      ])
      expect(await Promise.all(cached.map(settings.cached))).toEqual([null, null, null])
      expect(await settings.cached("email.from")).toBe("kept")
    })

    test("of nothing writes nothing; an empty password keeps the stored one", async () => {
      const same = { ...ROWS, smtp_pass: "" }
      await operations.api.flushdb()
      const { steps } = await (await deck()).change(setEmail, same)
      expect(steps).toEqual([])
      expect(await settings.audit("email.config_update")).toEqual([])
      expect((await settings.rows("email."))["email.smtp_pass"]).toBe("correct horse")
      await settings.setRows("email.", {})
      expect((await (await deck()).change(setEmail, { smtp_port: 587, smtp_tls_mode: "starttls" })).steps).toEqual([])
    })

    test("forgets the password only where that is said", async () => {
      await (await deck()).change(setEmail, { clear_smtp_pass: true })
      expect((await settings.rows("email."))["email.smtp_pass"]).toBe("")
      expect(await config()).toMatchObject({ smtp_pass_set: false })
      expect(await settings.audit("email.config_update")).toMatchObject([
        { before_state_json: { smtp_pass: "***" }, after_state_json: { smtp_pass: "" } },
      ])
    })

    test("is shown before it is made, old and new, with what stays wrong", async () => {
      const seen = await preview({ from: "", smtp_port: 26, smtp_pass: "new horse", smtp_tls_mode: "none" })
      expect(seen).toMatchObject({
        title: "Change the e-mail settings",
        needsConfirmation: true,
        effects: [
          "sender: no-reply@example.com → none",
          "port: 2525 → 26",
          "password: replaced",
          "encryption: tls → none",
          "the API reloads them at once",
          SIGNS_IN,
          "there is no sender: no mail is sent",
        ],
      })
      const named = { from: "Ops <ops@example.com>" }
      expect((await preview(named)).effects).toContain(NAMED)
      expect((await (await deck()).change(setEmail, named)).warnings).toEqual([NAMED])
      await (await deck()).change(setEmail, { from: ROWS.from })
      expect(await preview({ smtp_port: 2525 })).toMatchObject({
        unchanged: true,
        needsConfirmation: false,
        effects: ["nothing changes: everything already has these values"],
      })
      const handedOn = "the stored password is kept, and will be sent to mx.example.org"
      expect((await preview({ smtp_host: "mx.example.org" })).effects).toContain(handedOn)
      expect((await preview({ smtp_host: "mx.example.org", smtp_pass: "new" })).effects).not.toContain(handedOn)
      expect((await preview({ smtp_host: "mx.example.org", smtp_user: "" })).effects).not.toContain(handedOn)
      vi.stubEnv("ARKLOOP_SMTP_PORT", "25")
      await sql(PROVIDER)
      const { effects } = await preview({ smtp_port: 26 })
      expect(effects.slice(2)).toEqual([
        "the platform sends through Mailer, the default row of smtp_providers: what is saved here has no effect",
        "port: ARKLOOP_SMTP_PORT is set and overrides what is saved",
      ])
    })

    test.each([
      ["from", "a@b.c, d@e.f", /must be an address/],
      ["from", "a@b.c\r\nBcc: evil@example.com", /must/],
      ["smtp_host", "smtp example", /must be a host/],
      ["smtp_port", "0", /1 to 65535/],
      ["smtp_port", "0x1F", /1 to 65535/],
      ["smtp_tls_mode", "ssl", /one of none, starttls, tls/],
    ])("of %s to %j is refused", async (field, value, message) => {
      const refused = (await deck()).change(setEmail, { [field]: value })
      await expect(refused).rejects.toMatchObject({ code: "invalid", field, message: expect.stringMatching(message) })
    })

    test.each([{}, { smtp_pass: "" }, { reason: "none" }])("that names nothing is refused: %j", async input => {
      await expect((await deck()).change(setEmail, input)).rejects.toMatchObject({ code: "invalid" })
    })

    test("that gives a password and forgets it is refused", async () => {
      const both = (await deck()).change(setEmail, { smtp_pass: "x", clear_smtp_pass: true })
      await expect(both).rejects.toMatchObject({ code: "invalid", field: "clear_smtp_pass" })
    })
  })

  describe("two operators", () => {
    test("end in a conflict, not an overwrite", async () => {
      const { saved: seen } = await inspect()
      await (await deck()).change(setEmail, { smtp_host: "theirs.example.com" })
      const second = (await deck()).change(setEmail, { smtp_host: "yours.example.com", smtp_port: 26 }, { seen })
      await expect(second).rejects.toMatchObject({
        code: "conflict",
        conflicts: [
          { field: "smtp_host", was: "smtp.example.com", theirs: "theirs.example.com", yours: "yours.example.com" },
        ],
      })
      expect(await config()).toMatchObject({ smtp_host: "theirs.example.com", smtp_port: 2525 })
      await (await deck()).change(setEmail, { smtp_port: 26 }, { seen })
    })

    test("are told that the other set another password, without either", async () => {
      const { saved: seen } = await inspect()
      await (await deck()).change(setEmail, { smtp_pass: "new horse" })
      const refusal = await (await deck())
        .change(setEmail, { smtp_pass: "other new horse" }, { seen })
        .catch(error => error)
      expect(refusal).toMatchObject({ code: "conflict", conflicts: [{ field: "smtp_pass", was: seen.smtp_pass }] })
      expect(JSON.stringify([refusal.message, refusal.conflicts])).not.toMatch(SECRET)
      await (await deck()).change(setEmail, { smtp_pass: "new horse" }, { seen })
    })

    test("write one after the other, also where there is no row yet", async () => {
      await settings.setRows("email.", {})
      const { saved: seen } = await inspect()
      const [one, other] = [await deck(), await deck()]
      const saves = await Promise.allSettled([
        one.change(setEmail, { smtp_host: "one.example.com" }, { seen }),
        other.change(setEmail, { smtp_host: "other.example.com" }, { seen }),
      ])
      expect(saves.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"])
    })
  })
})
