import type { Socket } from "node:net"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { beforeAll, describe, expect, test } from "vitest"
import { tryMail } from "../../src/adapters/smtp/try-mail.ts"
import { authority, LOGIN, SETTINGS, TO, tried } from "../support/mail-trial.ts"
import { startMailServer, startPretender } from "../support/smtp.ts"

// As NODE_EXTRA_CA_CERTS does for the program.
beforeAll(() => setDefaultCACertificates([...getCACertificates("default"), authority.cert]))

describe("what cannot be reached is told in words", () => {
  test("a name that does not exist", async () => {
    const { outcome } = await tried({ host: "mail.invalid", port: 25 })
    expect(outcome).toMatchObject({ result: "failed", step: "resolve" })
    expect(outcome.explanation).toMatch(/mail\.invalid/)
  })

  test("a port where nobody listens", async () => {
    const { outcome, names } = await tried({ port: 1 })
    expect(names).toEqual(["resolve", "!connect"])
    expect(outcome.explanation).toMatch(/^127\.0\.0\.1:1 refused the connection/)
  })

  test("a port that does not begin with TLS", async () => {
    const server = await startMailServer()
    const { outcome } = await tried({ port: server.port, tls_mode: "tls" })
    expect(outcome).toMatchObject({
      step: "tls",
      explanation: expect.stringMatching(/does not start with TLS: try STARTTLS/),
    })
  })
})

describe("what answers, and is no mail server, is not said to have been silent", () => {
  test.each([
    ["another program", "SSH-2.0-OpenSSH_9.9\r\n"],
    ["one that does not stop talking", `220 ${"y".repeat(200_000)}\r\n`],
  ])("%s", async (_, greeting) => {
    const { port } = await startPretender({ greeting: socket => void socket.write(greeting) })
    const { outcome } = await tried({ port })
    expect(outcome).toMatchObject({
      result: "failed",
      step: "greeting",
      explanation: expect.stringMatching(/does not answer like a mail server: check the port\. Nothing was sent/),
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
      explanation: expect.stringMatching(/sent no greeting within 1 s/),
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
  expect(outcome).toMatchObject({
    result: "ended",
    explanation: expect.stringMatching(/nothing was sent/),
  })
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
