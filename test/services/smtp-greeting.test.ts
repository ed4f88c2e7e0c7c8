import { describe, expect, test } from "vitest"
import { LOGIN, tried } from "../support/mail-trial.ts"
import { type Pretence, startMailServer, startPretender } from "../support/smtp.ts"

const greeting: Pretence["greeting"] = socket => void socket.write("220 hi\r\n")

/** A server that takes every mail, and offers `extensions`. */
const offering = (...extensions: string[]) =>
  startPretender({
    greeting,
    answer: line => {
      if (line.startsWith("EHLO"))
        return `${["hello", ...extensions].map(word => `250-${word}\r\n`).join("")}250 OK\r\n`
      if (line === "DATA") return "354 go on\r\n"
      if (line === "QUIT") return "221 bye\r\n"
      return /^(MAIL|RCPT|\.$)/.test(line) ? "250 fine\r\n" : undefined
    },
  })

describe("a server that will not be greeted is not said to refuse a password", () => {
  test.each([
    [
      "421 not now",
      /^The server ended the conversation at the name it was greeted with, mail\.example\.com \(EHLO\): try again later/,
    ],
    [
      "501 who?",
      /^The server refused the name it was greeted with, mail\.example\.com \(EHLO\): set another with --ehlo-name/,
    ],
  ])("%s", async (reply, words) => {
    const { port, heard } = await startPretender({ greeting, answer: () => `${reply}\r\n` })
    const { outcome, names } = await tried({ port, ...LOGIN, ehloName: "mail.example.com" })
    expect(outcome).toMatchObject({ result: "refused", step: "hello", response: reply })
    expect(outcome.explanation).toMatch(words)
    expect(names).toEqual(["resolve", "connect", "greeting", "!hello"])
    expect(heard[0]).toBe("EHLO mail.example.com")
  })

  test("nor one that hangs up", async () => {
    let hangUp = () => {}
    const { port } = await startPretender({
      greeting: socket => {
        socket.write("220 hi\r\n")
        hangUp = () => socket.destroy()
      },
      answer: () => void hangUp(),
    })
    const { outcome } = await tried({ port, ehloName: "mail.example.com" })
    expect(outcome).toMatchObject({ result: "failed", step: "hello" })
    expect(outcome.explanation).toMatch(/closed the connection at the name it was greeted with, mail\.example\.com/)
  })
})

test("the name is told, and by default this host's", async () => {
  const server = await startMailServer()
  const { steps } = await tried({ port: server.port })
  expect(steps[3]).toMatchObject({ name: "hello", detail: expect.stringMatching(/^(\[127\.0\.0\.1\]|.+\..+)$/) })
})

test("what the server offers is noted", async () => {
  const { port } = await offering("AUTH LOGIN CRAM-MD5", "STARTTLS", "SMTPUTF8")
  const { outcome, steps } = await tried({ port })
  expect(steps[3]?.response).toBe("250-hello, AUTH LOGIN CRAM-MD5, STARTTLS, SMTPUTF8, OK")
  expect(outcome.offered).toEqual({ starttls: true, auth: ["LOGIN", "CRAM-MD5"], smtputf8: true })
})

describe("an internationalised address", () => {
  test("has its domain as mail servers know it", async () => {
    const { port, heard } = await offering()
    const from = { name: "", address: "no-reply@bücher.example" }
    const { outcome, names } = await tried({ port, from }, { to: "ops@例え.テスト" })
    expect(outcome).toMatchObject({
      result: "accepted",
      explanation: "The server accepted the mail for ops@例え.テスト.",
    })
    expect(names).not.toContain("!recipient")
    expect(heard).toContain("MAIL FROM:<no-reply@xn--bcher-kva.example>")
    expect(heard).toContain("RCPT TO:<ops@xn--r8jz45g.xn--zckzah>")
    expect(heard).toContain("To: ops@xn--r8jz45g.xn--zckzah")
  })

  test("with such letters before the @ needs SMTPUTF8, and goes out where that is offered", async () => {
    const refused = await tried({ port: (await offering()).port }, { to: "jürgen@example.com" })
    expect(refused.outcome).toMatchObject({
      result: "failed",
      explanation: expect.stringMatching(/offers no SMTPUTF8, which the letters of jürgen@example\.com need/),
    })
    const { port, heard } = await offering("SMTPUTF8")
    expect((await tried({ port }, { to: "jürgen@example.com" })).outcome.result).toBe("accepted")
    expect(heard.find(line => line.startsWith("MAIL"))).toMatch(/ SMTPUTF8$/)
    expect(heard.find(line => line.startsWith("RCPT"))).toBe("RCPT TO:<jürgen@example.com>")
  })
})
