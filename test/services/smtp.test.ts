import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { beforeAll, describe, expect, test } from "vitest"
import { createAuthority, selfSigned } from "../support/certificates.ts"
import { authority, good, LOGIN, TO, tried } from "../support/mail-trial.ts"
import { startMailServer, startPretender } from "../support/smtp.ts"

// As NODE_EXTRA_CA_CERTS does for the program.
beforeAll(() => setDefaultCACertificates([...getCACertificates("default"), authority.cert]))

describe("a mail is accepted", () => {
  test("without encryption and without signing in", async () => {
    const server = await startMailServer()
    const { names, steps, outcome } = await tried({ port: server.port })
    expect(names).toEqual(["resolve", "connect", "greeting", "hello", "sender", "recipient", "message"])
    expect(steps.map(step => step.next)).toEqual([
      "connect",
      "greeting",
      "hello",
      "sender",
      "recipient",
      "message",
      null,
    ])
    expect(steps[1]).toMatchObject({ detail: `127.0.0.1:${server.port}`, response: "" })
    expect(steps.at(-1)).toMatchObject({ response: "250 queued as 4711" })
    expect(outcome).toMatchObject({ result: "accepted", response: "250 queued as 4711", tls: false, step: null })
    expect(server.mails).toMatchObject([{ from: "no-reply@example.com", to: [TO] }])
    expect(server.mails[0]?.text).toContain('From: "Platform, Ltd." <no-reply@example.com>')
  })

  test("and it is said that a password travelled in clear", async () => {
    const server = await startMailServer({ login: LOGIN })
    const { steps, outcome } = await tried({ port: server.port, ...LOGIN })
    expect(outcome.result).toBe("accepted")
    expect(steps.find(step => step.name === "sign_in")?.detail).toBe("platform, the password was sent unencrypted")
    expect(server.logins).toEqual([{ pass: LOGIN.pass, secure: false }])
  })

  test.each(["starttls", "tls"] as const)("over %s, with the certificate told", async tls => {
    const server = await startMailServer({ tls, identity: good, login: LOGIN })
    const { names, steps, outcome } = await tried({ host: "localhost", port: server.port, tls_mode: tls, ...LOGIN })
    const secured =
      tls === "tls" ? ["connect", "tls", "greeting", "hello"] : ["connect", "greeting", "hello", "starttls"]
    expect(names).toEqual(["resolve", ...secured, "sign_in", "sender", "recipient", "message"])
    const until = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10)
    expect(steps.find(step => step.name === tls)?.detail).toBe(
      `TLS 1.3, localhost, 127.0.0.1, a.example, 1 more, until ${until}`,
    )
    expect(steps[0]?.detail).toMatch(/^localhost → .*127\.0\.0\.1/)
    expect(steps.find(step => step.name === "sign_in")?.detail).toBe("platform")
    expect(outcome).toMatchObject({ result: "accepted", tls: true })
    expect(server.logins).toEqual([{ pass: LOGIN.pass, secure: true }])
  })
})

describe("a certificate is refused", () => {
  const stranger = createAuthority()
  const cases = [
    ["that has expired", authority.issue(["127.0.0.1"], -3), /has expired/],
    ["that is for another host", authority.issue(["mail.example.org"]), /another host \(DNS:mail\.example\.org\)/],
    ["of an unknown authority", stranger.issue(["127.0.0.1"]), /unknown authority: add it to NODE_EXTRA_CA_CERTS/],
    ["that it signed itself", selfSigned(["127.0.0.1"]), /signed by an unknown authority/],
  ] as const
  describe.each(cases)("%s", (_, identity, words) => {
    test.each(["starttls", "tls"] as const)("over %s, and no password is sent", async tls => {
      const server = await startMailServer({ tls, identity, login: LOGIN })
      const { outcome, steps } = await tried({ port: server.port, tls_mode: tls, ...LOGIN })
      expect(outcome).toMatchObject({ result: "failed", step: tls, tls: false })
      expect(outcome.explanation).toMatch(words)
      expect(outcome.explanation).toMatch(/Nothing was sent\.$/)
      expect(steps.at(-1)).toMatchObject({ name: tls, done: false, detail: "", next: null })
      expect({ logins: server.logins, mails: server.mails }).toEqual({ logins: [], mails: [] })
    })
  })

  test("whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
    const server = await startMailServer({ tls: "starttls", identity: stranger.issue(["127.0.0.1"]), login: LOGIN })
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"
    try {
      expect((await tried({ port: server.port, tls_mode: "starttls", ...LOGIN })).outcome.step).toBe("starttls")
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    }
  })
})

describe("what the server refuses is told in words", () => {
  test("the password", async () => {
    const server = await startMailServer({ login: LOGIN })
    const { outcome } = await tried({ port: server.port, user: "platform", pass: "wrong horse" })
    expect(outcome).toMatchObject({ result: "refused", step: "sign_in", response: "535 5.7.8 authentication failed" })
    expect(outcome.explanation).toBe("The server rejected this user and password. Nothing was sent.")
  })

  test.each([
    [450, /does not accept mail for ops@example\.com now/],
    [550, /rejected the recipient ops@example\.com/],
  ])("the recipient, with %i", async (code, words) => {
    const server = await startMailServer({ refuse: [code, "no such luck"] })
    const { outcome, names } = await tried({ port: server.port })
    expect(outcome).toMatchObject({ result: "refused", step: "recipient", response: `${code} no such luck` })
    expect(outcome.explanation).toMatch(words)
    expect(names.slice(-2)).toEqual(["sender", "!recipient"])
    expect(server.mails).toEqual([])
  })

  test("the sender", async () => {
    const server = await startMailServer({ refuseSender: [553, "not yours"] })
    const { outcome, names } = await tried({ port: server.port })
    expect(outcome).toMatchObject({ result: "refused", step: "sender", response: "553 not yours" })
    expect(names.at(-1)).toBe("!sender")
  })

  test("STARTTLS, and then nothing is sent, the password neither", async () => {
    const server = await startMailServer({ login: LOGIN })
    const { outcome } = await tried({ port: server.port, tls_mode: "starttls", ...LOGIN })
    expect(outcome).toMatchObject({ result: "refused", step: "starttls", tls: false })
    expect(outcome.explanation).toMatch(/offers no STARTTLS here/)
    expect({ logins: server.logins, mails: server.mails }).toEqual({ logins: [], mails: [] })
  })

  test("STARTTLS for now", async () => {
    const { port } = await startPretender({
      greeting: socket => socket.write("220 hi\r\n"),
      answer: line => (line.startsWith("EHLO") ? "250-hi\r\n250 STARTTLS\r\n" : "454 no TLS now\r\n"),
    })
    const { outcome } = await tried({ port, tls_mode: "starttls" })
    expect(outcome).toMatchObject({ result: "refused", explanation: expect.stringMatching(/cannot start TLS now/) })
  })

  test("signing in where it offers none", async () => {
    const server = await startMailServer()
    const { outcome } = await tried({ port: server.port, ...LOGIN })
    expect(outcome).toMatchObject({ result: "failed", step: "sign_in" })
    expect(outcome.explanation).toMatch(/offers no authentication without encryption/)
  })

  test("a mail without signing in", async () => {
    const server = await startMailServer({ login: LOGIN })
    const { outcome } = await tried({ port: server.port })
    expect(outcome.explanation).toMatch(/^The server requires encryption or authentication/)
  })
})
