import { describe, expect, test, vi } from "vitest"
import { EMAIL_FIELDS } from "../../src/domain/email.ts"
import { showEmailStatus } from "../../src/services/email/email.ts"
import { emailOn, NAMED, PROVIDER, ROWS, SECRET, SIGNS_IN } from "../support/email-settings.ts"
import { eachGeneration } from "../support/postgres.ts"

const VALUES = { ...ROWS, smtp_port: 2525, smtp_pass: expect.stringMatching(/^\*\*\* [0-9a-f]{8}$/) }
const DEFAULTS = { from: "", smtp_host: "", smtp_port: 587, smtp_user: "", smtp_pass: "", smtp_tls_mode: "starttls" }
const IN_CLEAR = "the password is sent unencrypted: the TLS mode is none"

eachGeneration(database => {
  const { settings, deck, config, inspect, sql } = emailOn(database)
  const status = async () => (await deck()).run(showEmailStatus, {})

  describe("what is shown", () => {
    test("is what the database has, and never the password", async () => {
      expect(await status()).toEqual({ configured: true, from: ROWS.from, source: "db" })
      const { smtp_pass: _, ...rest } = ROWS
      expect(await config()).toEqual({ ...rest, smtp_port: 2525, smtp_pass_set: true })
      const inspection = await inspect()
      expect(inspection).toEqual({
        status: await status(),
        saved: VALUES,
        in_force: VALUES,
        sources: Object.fromEntries(EMAIL_FIELDS.map(field => [field, "db"])),
        provider: null,
        warnings: [],
      })
      expect(JSON.stringify(inspection)).not.toMatch(SECRET)
    })

    test("is the defaults where nothing is set", async () => {
      await settings.setRows("email.", {})
      expect(await status()).toEqual({ configured: false, from: null, source: "none" })
      const { smtp_pass: _, ...rest } = DEFAULTS
      expect(await config()).toEqual({ ...rest, smtp_pass_set: false })
      const { sources, warnings } = await inspect()
      expect(new Set(Object.values(sources))).toEqual(new Set(["none"]))
      expect(warnings).toEqual(["there is no mail server: no mail is sent", "there is no sender: no mail is sent"])
    })

    test("is what the environment has, field by field, where it is not empty", async () => {
      vi.stubEnv("ARKLOOP_EMAIL_FROM", "env@example.com")
      vi.stubEnv("ARKLOOP_SMTP_PORT", "26")
      vi.stubEnv("ARKLOOP_SMTP_HOST", "")
      vi.stubEnv("ARKLOOP_SMTP_PASS", "new horse")
      expect(await status()).toEqual({ configured: true, from: "env@example.com", source: "env" })
      expect(await config()).toMatchObject({ from: "env@example.com", smtp_port: 26, smtp_host: "smtp.example.com" })
      const { saved, in_force, sources, warnings } = await inspect()
      expect(saved).toEqual(VALUES)
      expect(in_force.smtp_pass).not.toBe(saved.smtp_pass)
      expect(sources).toMatchObject({ from: "env", smtp_host: "db", smtp_port: "env", smtp_pass: "env" })
      expect(warnings).toContain("port: ARKLOOP_SMTP_PORT is set and overrides what is saved")
      expect(warnings.join()).not.toMatch(SECRET)
    })

    test("is the default row of smtp_providers, which the platform uses instead", async () => {
      await sql(PROVIDER)
      expect(await status()).toEqual({ configured: true, from: "mailer@example.org", source: "db" })
      const { provider, warnings, saved } = await inspect()
      expect(provider).toEqual({
        name: "Mailer",
        from: "mailer@example.org",
        smtp_host: "smtp.example.org",
        smtp_port: 587,
        smtp_user: "mailer",
        smtp_pass: saved.smtp_pass,
        smtp_tls_mode: "starttls",
      })
      expect(warnings[0]).toMatch(/^the platform sends through Mailer, the default row of smtp_providers/)
    })

    test("can do without the table smtp_providers", async () => {
      await sql("alter table smtp_providers rename to elsewhere")
      try {
        expect((await inspect()).provider).toBeNull()
      } finally {
        await sql("alter table elsewhere rename to smtp_providers")
      }
    })

    test("says what cannot be read of what is in force, wherever that comes from", async () => {
      await settings.setRows("email.", { ...ROWS, smtp_port: "mail" })
      vi.stubEnv("ARKLOOP_SMTP_PORT", "26")
      vi.stubEnv("ARKLOOP_SMTP_TLS_MODE", "ssl")
      expect((await inspect()).warnings).toEqual([
        "port: ARKLOOP_SMTP_PORT is set and overrides what is saved",
        "encryption: ARKLOOP_SMTP_TLS_MODE is set and overrides what is saved",
        "ssl is no TLS mode: no mail is sent",
      ])
    })

    test("says what the platform cannot read, and what travels in clear", async () => {
      await settings.setRows("email.", { ...ROWS, smtp_port: "mail", smtp_tls_mode: "ssl", from: "nobody" })
      expect(await config()).toMatchObject({ smtp_port: 587, smtp_tls_mode: "starttls" })
      const unread = [
        "the sender nobody is not an address",
        "mail is not a port: 587 is used",
        "ssl is no TLS mode: no mail is sent",
      ]
      expect((await inspect()).warnings).toEqual(unread)
      for (const port of ["0x1F", "1e3"]) {
        await settings.setRows("email.", { ...ROWS, smtp_port: port })
        expect((await inspect()).warnings).toEqual([`${port} is not a port: 587 is used`])
      }
    })

    test.each([
      ["none, with a server elsewhere", { smtp_tls_mode: "none" }, SIGNS_IN],
      ["none, with a server here", { smtp_tls_mode: "none", smtp_host: "localhost" }, IN_CLEAR],
      ["a port out of range", { smtp_port: "65536" }, "65536 is not a port, 1 to 65535: no mail is sent"],
      ["a port below", { smtp_port: "-1" }, "-1 is not a port, 1 to 65535: no mail is sent"],
      ["a name before the address", { from: "Ops <ops@example.com>" }, NAMED],
    ])("says what the platform's mailer makes of it: %s", async (_, rows, warning) => {
      await settings.setRows("email.", { ...ROWS, ...rows })
      expect((await inspect()).warnings).toEqual([warning])
    })

    test("is read as the platform reads it: modes in any case, no blanks around, the port as it stands", async () => {
      vi.stubEnv("ARKLOOP_SMTP_TLS_MODE", " STARTTLS ")
      await settings.setRows("email.", { ...ROWS, smtp_port: " 25 ", smtp_host: " smtp.example.com\n" })
      expect(await config()).toMatchObject({ smtp_tls_mode: "starttls", smtp_port: 25, smtp_host: "smtp.example.com" })
      await settings.setRows("email.", { ...ROWS, smtp_port: "70000" })
      expect(await config()).toMatchObject({ smtp_port: 70_000 })
    })

    test("is the settings where the default row of smtp_providers has no sender, as in the platform", async () => {
      await sql(PROVIDER.replace("'mailer@example.org'", "' '"))
      expect((await inspect()).provider).toBeNull()
      expect(await status()).toEqual({ configured: true, from: ROWS.from, source: "db" })
    })
  })
})
