import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { EMAIL_FIELDS } from "../../src/domain/email.ts"
import { inspectEmail, setEmail, showEmailConfig, showEmailStatus } from "../../src/services/email/email.ts"
import { operationsOn } from "../support/operators.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { settingsOn } from "../support/settings.ts"

const ROWS = {
  from: "no-reply@example.com",
  smtp_host: "smtp.example.com",
  smtp_port: "2525",
  smtp_user: "platform",
  smtp_pass: "correct horse",
  smtp_tls_mode: "tls",
}
const VALUES = { ...ROWS, smtp_port: 2525, smtp_pass: expect.stringMatching(/^\*\*\* [0-9a-f]{8}$/) }
const DEFAULTS = { from: "", smtp_host: "", smtp_port: 587, smtp_user: "", smtp_pass: "", smtp_tls_mode: "starttls" }
const SECRET = /correct horse|new horse/

const SIGNS_IN = "without TLS the platform signs in to localhost alone: the TLS mode is none"
const IN_CLEAR = "the password is sent unencrypted: the TLS mode is none"
const NAMED =
  "the platform's mailer hands the sender to the server as it is stored: Ops <ops@example.com> is refused; save the address alone: ops@example.com"

const PROVIDER = `insert into smtp_providers (name, from_addr, smtp_host, smtp_user, smtp_pass, is_default)
  values ('Mailer', 'mailer@example.org', 'smtp.example.org', 'mailer', 'correct horse', true)`

eachGeneration(database => {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)
  const deck = () => operations.deck()
  const status = async () => (await deck()).run(showEmailStatus, {})
  const config = async () => (await deck()).run(showEmailConfig, {})
  const inspect = async () => (await deck()).run(inspectEmail, {})
  const preview = async (input: object) => (await deck()).preview(setEmail, input)
  const sql = (query: string) => asSuperuser(query, database.url)

  beforeEach(() => settings.setRows("email.", ROWS))
  afterEach(async () => {
    vi.unstubAllEnvs()
    await sql("delete from smtp_providers")
    await settings.forgetAudit("email.config_update")
  })

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
