import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { compose } from "../../src/adapters/smtp/message.ts"
import { asciiAddress, isMailAddress, readMailbox } from "../../src/domain/mail-address.ts"

/** What could make one address into two, or into a header: alone, and between what passes for addresses. */
const HOSTILE = [...'\r\n\0\t ,;:<>()[]\\"@', "\u2028", "\u{e000}", "\u00e9", "\u202e"]
const plain = fc.stringMatching(/^[a-z0-9]+([.+_-][a-z0-9]+){0,2}@([a-z0-9]{1,8}\.){0,2}[a-z]{2,5}$/)
const pieces = fc.array(fc.oneof(plain, fc.constantFrom(...HOSTILE), fc.constantFrom("RCPT TO:", "Bcc:", "group:")), {
  minLength: 1,
})
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  pieces.map(parts => parts.join("")),
)

describe("one address", () => {
  test.each(["ops@example.com", "o'brien+test@mail.example.co.uk", "root@localhost", "a@1.example", "öps@exämple.com"])(
    "is %s",
    address => expect(isMailAddress(address)).toBe(true),
  )

  test.each([
    "",
    "ops",
    "@example.com",
    "ops@",
    "ops@@example.com",
    ".ops@example.com",
    "o..ps@example.com",
    "ops@example..com",
    "ops@-example.com",
    '"o ps"@example.com',
    "ops@[127.0.0.1]",
    "ops@ex%41mple.com",
    "ops@exämple .com",
    "ops@\u202eexämple.com",
    "ops@１２７.0.0.1",
    "ops@0",
    "ops@example.0x7f",
    " ops@example.com",
    "ops@example.com\n",
    "ops@example.com.",
    `${"o".repeat(65)}@example.com`,
    `ops@${"example.".repeat(40)}com`,
  ])("is not %j", address => expect(isMailAddress(address)).toBe(false))

  test("holds nothing that ends a line, a list or an address", () => {
    fc.assert(
      fc.property(hostile, text => {
        fc.pre(isMailAddress(text))
        expect(text).toMatch(/^[^\s<>(),;:"\\[\]@\p{C}]+@[^\s<>(),;:"\\[\]@\p{C}]+$/u)
        expect(asciiAddress(text)).toMatch(/^[^\s<>(),;:"\\[\]@\p{C}]+@[a-zA-Z0-9.-]+$/u)
      }),
    )
  })
})

test("its domain is that of mail servers", () => {
  expect(asciiAddress("Ops@Bücher.Example")).toBe("Ops@xn--bcher-kva.example")
  expect(asciiAddress("Ops@Example.com")).toBe("Ops@Example.com")
})

describe("a mailbox", () => {
  test.each([
    ["no-reply@example.com", "", "no-reply@example.com"],
    ["<no-reply@example.com>", "", "no-reply@example.com"],
    ["Platform <no-reply@example.com>", "Platform", "no-reply@example.com"],
    ['"Platform, \\"Ltd.\\"" <no-reply@example.com>', 'Platform, "Ltd."', "no-reply@example.com"],
    ["平台 <no-reply@example.com>", "平台", "no-reply@example.com"],
  ])("is %s", (text, name, address) => expect(readMailbox(text)).toEqual({ name, address }))

  test.each(["", "Platform", "a@b.c, d@e.f", "A <a@b.c>, B <d@e.f>", "A <a@b.c> x", "A\r\nBcc: <a@b.c>", "<a@b.c"])(
    "is not %j",
    text => expect(readMailbox(text)).toBeUndefined(),
  )
})

/** The header's lines, folded ones put together. */
const headerOf = (message: Buffer) =>
  (message.toString().split("\r\n\r\n")[0] as string).replace(/\r\n[ \t]/g, " ").split("\r\n")

describe("a message", () => {
  test("goes to the address that was typed, and has no other header, whatever the sender is called", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), plain, plain, async (name, address, to) => {
        const header = headerOf(await compose({ name, address }, to))
        expect(header.filter(line => /^to:/i.test(line))).toEqual([`To: ${to}`])
        expect(header.map(line => line.split(":")[0]?.toLowerCase()).toSorted()).toEqual(HEADERS)
      }),
    )
  })

  test("does not come about for anything else", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async to => {
        fc.pre(!isMailAddress(to))
        const refusal = await compose({ name: "", address: "no-reply@example.com" }, to).catch(error => error)
        expect(refusal).toMatchObject({ code: "invalid", field: "to" })
      }),
    )
  })
})

const HEADERS = [
  "auto-submitted",
  "content-transfer-encoding",
  "content-type",
  "date",
  "from",
  "message-id",
  "mime-version",
  "subject",
  "to",
]
