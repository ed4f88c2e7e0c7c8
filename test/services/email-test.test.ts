import { expect, test, vi } from "vitest"
import { setEmail, type TrialResult, testEmail } from "../../src/services/email/email.ts"
import { emailTestsOn, LOGIN, TO } from "../support/email-test.ts"
import { eachGeneration } from "../support/postgres.ts"
import { startMailServer, startPretender } from "../support/smtp.ts"

eachGeneration(database => {
  const { operations, settings, sql, leadTo, watch, audited } = emailTestsOn(database)

  test("a test mail goes out as the settings say, and is in the audit trail", async () => {
    const server = await startMailServer({ login: LOGIN })
    await leadTo(server.port)
    const deck = await operations.deck()
    expect(await deck.preview(testEmail, { to: TO })).toEqual({
      title: "Send a test mail to ops@example.com",
      subject: [`no-reply@example.com through 127.0.0.1:${server.port} (settings)`],
      effects: ["a mail is really sent", "the password is sent unencrypted"],
      needsConfirmation: false,
    })
    const { answer, steps, failure, traceId } = await deck.change(testEmail, { to: TO, reason: "mail is late" })
    expect(answer).toEqual({
      accepted: [TO],
      rejected: [],
      response: "250 queued as 4711",
      duration_ms: expect.any(Number),
      tls: false,
      via: "settings",
      findings: [],
    })
    expect(failure).toBeUndefined()
    expect(steps.map(({ what }) => what.replace(/ .*/, ""))).toEqual([
      "resolve",
      "connect",
      "greeting",
      "EHLO",
      "sign",
      "sender",
      "recipient",
      "message",
      "audit",
    ])
    expect(server.mails).toMatchObject([{ to: [TO] }])
    expect(await settings.audit("email.test")).toMatchObject([
      {
        target_type: "platform_setting",
        target_id: "email",
        trace_id: traceId,
        metadata_json: {
          to: TO,
          via: "settings",
          outcome: "accepted",
          response: "250 queued as 4711",
          reason: "mail is late",
        },
      },
    ])
  })

  test.each([
    ["recipient", { refuse: [550, "no such user"] as const }, [TO]],
    ["sender", { refuseSender: [553, "not yours"] as const }, [TO]],
  ])("one whose %s is refused is answered, and fails", async (_, refusal, rejected) => {
    const server = await startMailServer({ login: LOGIN, ...refusal })
    await leadTo(server.port)
    const { answer, failure, traceId } = await (await operations.deck()).change(testEmail, { to: TO })
    expect(answer).toMatchObject({ accepted: [], rejected, response: Object.values(refusal)[0]?.join(" ") })
    expect(failure).toMatchObject({
      code: "unavailable",
      traceId,
      message: expect.stringMatching(/^The server rejected/),
    })
    expect(await audited()).toMatchObject([{ outcome: "refused" }])
  })

  test("a wrong password is no refusal of the recipient, and stands nowhere", async () => {
    const server = await startMailServer({ login: LOGIN })
    await leadTo(server.port)
    vi.stubEnv("ARKLOOP_SMTP_PASS", "wrong horse")
    const outcome = await (await operations.deck()).change(testEmail, { to: TO })
    expect(outcome.answer).toMatchObject({ accepted: [], rejected: [] })
    expect(outcome.failure?.message).toMatch(/rejected this user and password/)
    expect(JSON.stringify([outcome, await settings.audit("email.test")])).not.toContain("wrong horse")
  })

  test("the default row of smtp_providers wins, as in the platform", async () => {
    const server = await startMailServer()
    await leadTo(1)
    await sql(`insert into smtp_providers (name, from_addr, smtp_host, smtp_port, tls_mode, is_default)
      values ('Mailer', 'Mailer <mailer@example.org>', '127.0.0.1', ${server.port}, 'none', true)`)
    const { answer } = await (await operations.deck()).change(testEmail, { to: TO })
    expect(answer).toMatchObject({ accepted: [TO], via: "Mailer" })
    expect(server.mails).toMatchObject([{ from: "mailer@example.org" }])
    expect(await watch({ smtp_port: 1 })).toContainEqual({
      outcome: expect.objectContaining({ result: "failed", step: "connect", via: "settings" }),
    })
  })

  test("what the platform's mailer would have done otherwise stands beside what was done", async () => {
    const server = await startMailServer({ login: LOGIN })
    await leadTo(server.port)
    // It is the same server, by a name that Go's net/smtp does not take for this host.
    const named = { from: "Platform <no-reply@example.com>", smtp_host: "127.1", smtp_pass: LOGIN.pass }
    const last = (await watch(named)).at(-1) as { outcome: TrialResult }
    expect(last.outcome).toMatchObject({ result: "accepted", via: "settings" })
    expect(last.outcome.findings.map(({ says }) => says)).toEqual([
      expect.stringMatching(/as it is stored: Platform <no-reply@example.com> is refused$/),
      expect.stringMatching(/signs in over TLS or to localhost alone/),
    ])
    await (await operations.deck()).change(setEmail, { from: "Platform <no-reply@example.com>" })
    const { answer, failure } = await (await operations.deck()).change(testEmail, { to: TO })
    expect(failure).toBeUndefined()
    expect(answer).toMatchObject({
      accepted: [TO],
      findings: [{ says: expect.any(String), remedy: "save the address alone: no-reply@example.com" }],
    })
    expect(server.mails.map(({ from }) => from)).toEqual(["no-reply@example.com", "no-reply@example.com"])
  })

  test.each([
    ["smtp_port", "0", "0 is not a port, 1 to 65535: the platform sends no mail; set another"],
    ["smtp_port", "70000", "70000 is not a port, 1 to 65535: the platform sends no mail; set another"],
    ["smtp_tls_mode", "ssl", "ssl is no TLS mode: the platform sends no mail; set another"],
  ])("with %s %s stored or in the variable there is nothing to try", async (field, value, message) => {
    const refused = async () => (await operations.deck()).change(testEmail, { to: TO })
    await leadTo(1)
    vi.stubEnv(`ARKLOOP_${field.toUpperCase()}`, value)
    await expect(refused()).rejects.toMatchObject({ code: "invalid", field, message })
    vi.unstubAllEnvs()
    await settings.setRows("email.", { from: "a@b.c", smtp_host: "127.0.0.1", [field]: value })
    await expect(refused()).rejects.toMatchObject({ code: "invalid", field, message })
  })

  test("blanks around a password are none of it, as in the platform", async () => {
    const server = await startMailServer({ login: LOGIN })
    await leadTo(server.port)
    vi.stubEnv("ARKLOOP_SMTP_PASS", ` ${LOGIN.pass}\n`)
    vi.stubEnv("ARKLOOP_SMTP_TLS_MODE", "NONE")
    const tried = (await operations.deck()).change(testEmail, { to: TO })
    expect((await tried).answer).toMatchObject({ accepted: [TO] })
    expect((await watch({ smtp_pass: `${LOGIN.pass} ` })).at(-1)).toMatchObject({ outcome: { result: "accepted" } })
  })

  test.each([
    ["smtp_host", {}],
    ["from", { smtp_host: "127.0.0.1" }],
    ["from", { smtp_host: "127.0.0.1", from: "nobody" }],
  ])("without %s there is nothing to try", async (field, rows) => {
    await settings.setRows("email.", rows)
    const tried = (await operations.deck()).change(testEmail, { to: TO })
    await expect(tried).rejects.toMatchObject({ code: "invalid", field })
    expect(await audited()).toEqual([])
  })

  test("a reply that PostgreSQL cannot keep is kept all the same", async () => {
    const { port } = await startPretender({ greeting: socket => socket.write("554 \0no\u{1f600}\r\n") })
    await leadTo(port)
    await (await operations.deck()).change(testEmail, { to: TO })
    expect(await audited()).toMatchObject([{ response: "554 \ufffdno\u{1f600}" }])
  })

  test("the password that was saved is the one that is tried", async () => {
    const server = await startMailServer({ login: { ...LOGIN, pass: "new horse" } })
    await leadTo(server.port)
    const deck = await operations.deck()
    await deck.change(setEmail, { smtp_pass: "new horse" })
    expect((await deck.change(testEmail, { to: TO })).answer.accepted).toEqual([TO])
  })
})
