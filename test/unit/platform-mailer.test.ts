import { describe, expect, test } from "vitest"
import { mailFindings } from "../../src/domain/platform-mailer.ts"

const MAILER = { sender: "no-reply@example.com", host: "smtp.example.com", user: "", tls_mode: "starttls" } as const
const OFFERED = { starttls: true, auth: ["PLAIN"], smtputf8: false }
const TO = "ops@example.com"

/** What is found, by the word that tells it from the others. */
function found(mailer: object, offered: object | null = {}, to = TO): (string | undefined)[] {
  const all = mailFindings({ ...MAILER, ...mailer }, to, offered && { ...OFFERED, ...offered })
  for (const { says, remedy } of all) expect([says, remedy].every(text => text !== "")).toBe(true)
  return all.map(({ says }) => KINDS.find(kind => says.includes(kind)))
}
const KINDS = [
  "as it is stored",
  "takes it with",
  "to localhost alone",
  "does not insist",
  "PLAIN alone",
  "no such letters",
]

describe("the platform's mailer does as the test mail does", () => {
  test.each([
    ["over STARTTLS", {}, {}],
    ["over STARTTLS, signed in", { user: "platform" }, {}],
    ["over TLS, where no STARTTLS is offered", { tls_mode: "tls", user: "platform" }, { starttls: false }],
    ["without encryption and without a user", { tls_mode: "none" }, { starttls: false }],
    ["without encryption to this host", { tls_mode: "none", user: "platform", host: "localhost" }, { starttls: false }],
    ["with a server that was not reached", { tls_mode: "none", user: "platform" }, null],
    ["where neither signs in without encryption", { user: "platform" }, { starttls: false }],
  ])("%s", (_, mailer, offered) => expect(found(mailer, offered)).toEqual([]))
})

describe("it does otherwise", () => {
  test.each([
    ["with a name before the sender's address", { sender: "Ops <ops@example.com>" }, {}, ["as it is stored"]],
    [
      "with brackets around it, also where nobody is reached",
      { sender: "<ops@example.com>" },
      null,
      ["as it is stored"],
    ],
    ["where STARTTLS is offered and not asked for", { tls_mode: "none", user: "u" }, {}, ["takes it with"]],
    [
      "where a password would go in clear",
      { tls_mode: "none", user: "u" },
      { starttls: false },
      ["to localhost alone"],
    ],
    ["where STARTTLS is asked for and not offered", {}, { starttls: false }, ["does not insist"]],
    ["where PLAIN is not offered", { user: "u" }, { auth: ["LOGIN", "CRAM-MD5"] }, ["PLAIN alone"]],
    ["with a sender of another script", { sender: "a@bücher.example" }, {}, ["no such letters"]],
  ])("%s", (_, mailer, offered, kinds) => expect(found(mailer, offered)).toEqual(kinds))

  test("with a recipient of another script, unless the server takes such letters", () => {
    expect(found({}, {}, "a@bücher.example")).toEqual(["no such letters"])
    expect(found({}, { smtputf8: true }, "a@bücher.example")).toEqual([])
  })
})
