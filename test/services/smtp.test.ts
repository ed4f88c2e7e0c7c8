import type { Socket } from "node:net"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { beforeAll, describe, expect, test } from "vitest"
import { tryMail } from "../../src/adapters/smtp/try-mail.ts"
import type { MailOutcome, MailSettings, MailStep } from "../../src/domain/mail-step.ts"
import { createAuthority, selfSigned } from "../support/certificates.ts"
import { startMailServer, startPretender } from "../support/smtp.ts"

const TO = "ops@example.com"
const LOGIN = { user: "platform", pass: "correct horse battery" }

const SETTINGS: MailSettings = {
  from: { name: "Platform, Ltd.", address: "no-reply@example.com" },
  host: "127.0.0.1",
  port: 0,
  user: "",
  pass: "",
  tls_mode: "none",
}

const authority = createAuthority()
const good = authority.issue(["localhost", "127.0.0.1", "a.example", "b.example"])

// As NODE_EXTRA_CA_CERTS does for the program.
beforeAll(() => setDefaultCACertificates([...getCACertificates("default"), authority.cert]))

async function tried(settings: Partial<MailSettings>, { signal = new AbortController().signal, ms = 20_000 } = {}) {
  const steps: MailStep[] = []
  const mail = tryMail({ ...SETTINGS, ...settings }, TO, signal, ms)
  let turn = await mail.next()
  for (; !turn.done; turn = await mail.next()) steps.push(turn.value)
  const outcome: MailOutcome = turn.value
  return { steps, outcome, names: steps.map(step => `${step.done ? "" : "!"}${step.name}`) }
}

describe("a mail is accepted", () => {
  test("without encryption and without signing in", async () => {
    const server = await startMailServer()
    const { names, steps, outcome } = await tried({ port: server.port })
    expect(names).toEqual(["resolve", "connect", "greeting", "sender", "recipient", "message"])
    expect(steps.map(step => step.next)).toEqual(["connect", "greeting", "sender", "recipient", "message", null])
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
    expect(steps.find(step => step.name === "sign_in")?.detail).toBe("platform, the password travelled in clear")
    expect(server.logins).toEqual([{ pass: LOGIN.pass, secure: false }])
  })

  test.each(["starttls", "tls"] as const)("over %s, with the certificate told", async tls => {
    const server = await startMailServer({ tls, identity: good, login: LOGIN })
    const { names, steps, outcome } = await tried({ host: "localhost", port: server.port, tls_mode: tls, ...LOGIN })
    const secured = tls === "tls" ? ["connect", "tls", "greeting"] : ["connect", "greeting", "starttls"]
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
    ["of an unknown authority", stranger.issue(["127.0.0.1"]), /does not know: name it in NODE_EXTRA_CA_CERTS/],
    ["that it signed itself", selfSigned(["127.0.0.1"]), /authority that this host does not know/],
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
    expect(outcome.explanation).toBe("The server does not accept this user and password. Nothing was sent.")
  })

  test.each([
    [450, /does not take mail for ops@example\.com now/],
    [550, /refuses mail for ops@example\.com for good/],
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
    expect(outcome).toMatchObject({ result: "refused", explanation: expect.stringMatching(/cannot encrypt now/) })
  })

  test("signing in where it offers none", async () => {
    const server = await startMailServer()
    const { outcome } = await tried({ port: server.port, ...LOGIN })
    expect(outcome).toMatchObject({ result: "failed", step: "sign_in" })
    expect(outcome.explanation).toMatch(/offers no signing in without encryption/)
  })

  test("a mail without signing in", async () => {
    const server = await startMailServer({ login: LOGIN })
    const { outcome } = await tried({ port: server.port })
    expect(outcome.explanation).toMatch(/^The server wants encryption or signing in first/)
  })
})

describe("what cannot be reached is told in words", () => {
  test("a name that does not exist", async () => {
    const { outcome } = await tried({ host: "mail.invalid", port: 25 })
    expect(outcome).toMatchObject({ result: "failed", step: "resolve" })
    expect(outcome.explanation).toMatch(/mail\.invalid/)
  })

  test("a port where nobody listens", async () => {
    const { outcome, names } = await tried({ port: 1 })
    expect(names).toEqual(["resolve", "!connect"])
    expect(outcome.explanation).toMatch(/^127\.0\.0\.1:1 refuses the connection/)
  })

  test("a port that does not begin with TLS", async () => {
    const server = await startMailServer()
    const { outcome } = await tried({ port: server.port, tls_mode: "tls" })
    expect(outcome).toMatchObject({
      step: "tls",
      explanation: expect.stringMatching(/does not begin with TLS: is STARTTLS/),
    })
  })
})

describe("one deadline ends", () => {
  test("a server that never greets", async () => {
    const { port } = await startPretender({})
    const { outcome, names } = await tried({ port }, { ms: 1_000 })
    expect(names.at(-1)).toBe("!greeting")
    expect(outcome).toMatchObject({
      result: "failed",
      explanation: expect.stringMatching(/did not greet within 1 s/),
    })
  })

  test("a server that drips", async () => {
    const { port } = await startPretender({
      greeting: socket => {
        const drip = setInterval(() => socket.write("220-still here\r\n"), 20)
        socket.on("close", () => clearInterval(drip))
      },
    })
    const { outcome } = await tried({ port }, { ms: 1_000 })
    expect(outcome).toMatchObject({ result: "failed", step: "greeting" })
  })

  test("a server that says nothing after the message, which may have been delivered", async () => {
    const server = await startMailServer({ stalls: true })
    const { outcome, names } = await tried({ port: server.port }, { ms: 3_000 })
    expect(names.at(-1)).toBe("!message")
    expect(outcome).toMatchObject({ result: "unknown", explanation: expect.stringMatching(/may have been delivered/) })
    expect(server.mails).toHaveLength(1)
  })
})

describe("a connection that is lost", () => {
  const dropAt = (verb: string) => {
    let connection: Socket | undefined
    return startPretender({
      greeting: socket => {
        connection = socket
        socket.write("220 hi\r\n")
      },
      answer: line => {
        if (line.startsWith(verb)) connection?.destroy()
        if (line === "DATA") return "354 go on\r\n"
        return /^(EHLO|MAIL|RCPT)/.test(line) ? "250 fine\r\n" : undefined
      },
    })
  }

  test("before the message is handed over is no mail", async () => {
    const { outcome } = await tried({ port: (await dropAt("RCPT")).port })
    expect(outcome).toMatchObject({
      result: "failed",
      step: "recipient",
      explanation: expect.stringMatching(/Nothing was/),
    })
  })

  test("after that may be one", async () => {
    const { outcome } = await tried({ port: (await dropAt("Subject:")).port })
    expect(outcome).toMatchObject({ result: "unknown", step: "message" })
  })
})

test("the operator ends it, and nobody is left connected", async () => {
  const closed = Promise.withResolvers<void>()
  const leaving = new AbortController()
  const { port } = await startPretender({
    greeting: socket => {
      socket.on("close", () => closed.resolve())
      leaving.abort()
    },
  })
  const { outcome, names } = await tried({ port }, { signal: leaving.signal })
  expect(outcome).toMatchObject({ result: "ended", explanation: expect.stringMatching(/nothing was sent/) })
  expect(names).not.toContain("!greeting")
  await closed.promise
})

test("who stops reading ends it", async () => {
  const closed = Promise.withResolvers<void>()
  const { port } = await startPretender({ greeting: socket => socket.on("close", () => closed.resolve()) })
  for await (const step of tryMail({ ...SETTINGS, port }, TO, new AbortController().signal)) {
    if (step.name === "connect") break
  }
  await closed.promise
})

describe("a hostile server's words", () => {
  const polite = (line: string) => {
    if (line.startsWith("EHLO")) return "250-hostile\r\n250 AUTH PLAIN LOGIN\r\n"
    return undefined
  }

  test("arrive as they are, but no longer than a person reads", async () => {
    const { port } = await startPretender({
      greeting: socket => socket.write("220 \u001b]52;c;aGk=\u0007 \u202e hi\r\n"),
      answer: line => polite(line) ?? `550 \u001b[2J${"x".repeat(5_000)}\r\n`,
    })
    const { steps, outcome } = await tried({ port })
    expect(steps[2]?.response).toBe("220 \u001b]52;c;aGk=\u0007 \u202e hi")
    expect(outcome.response).toHaveLength(1_000)
    expect(outcome.response).toMatch(/^550 \u001b\[2Jxxx/)
  })

  test("never hold the password, in any of its spellings", async () => {
    const { port, heard } = await startPretender({
      greeting: socket => socket.write("220 hi\r\n"),
      answer: line => polite(line) ?? `535 ${line} ${LOGIN.pass} ${Buffer.from(LOGIN.pass).toString("base64")}\r\n`,
    })
    const { steps, outcome } = await tried({ port, ...LOGIN })
    expect(heard.some(line => line.startsWith("AUTH PLAIN "))).toBe(true)
    expect(outcome.response).toBe("535 AUTH PLAIN *** *** ***")
    expect(JSON.stringify([steps, outcome])).not.toContain(LOGIN.pass)
  })
})

test.each([
  "ops@example.com\r\nRCPT TO:<evil@example.com>",
  "ops@example.com, evil@example.com",
  "Group: ops@example.com, evil@example.com;",
  "Ops <ops@example.com>",
])("%j is no address to send to, and nobody is connected to", async to => {
  let connections = 0
  const { port } = await startPretender({ greeting: () => connections++ })
  const mail = tryMail({ ...SETTINGS, port }, to, new AbortController().signal)
  await expect(mail.next()).rejects.toMatchObject({ code: "invalid", field: "to" })
  expect(connections).toBe(0)
})
