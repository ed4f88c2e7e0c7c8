import fc from "fast-check"
import { expect, test } from "vitest"
import { withinBlock } from "../../src/domain/access-log-values.ts"
import { ipv4Number, isWithin, parseAddress, parseBlock } from "../../src/domain/ip-block.ts"

const within = (address: string, block: string) => isWithin(parseAddress(address)!, parseBlock(block)!)

test.each([
  ["10.1.2.3", "10.0.0.0/8", true],
  ["11.1.2.3", "10.0.0.0/8", false],
  ["10.1.2.3", "10.1.2.3", true],
  ["::ffff:10.1.2.3", "10.0.0.0/8", true],
  ["10.1.2.3", "::ffff:10.0.0.0/104", true],
  ["10.1.2.3", "::/0", false],
  ["2001:DB8::1", "2001:db8::/32", true],
  ["2001:db8::1", "2001:db8::2", false],
  ["2001:db8::1", "0.0.0.0/0", false],
  ["fe80::1%eth0", "fe80::/10", true],
  ["::10.1.2.3", "10.0.0.0/8", false],
  ["::10.1.2.3", "::a01:203", true],
  ["10.1.2.3", "::10.1.2.3", false],
])("%s in %s: %s", (address, block, expected) => {
  expect(within(address, block)).toBe(expected)
})

test.each([
  "",
  "10.0.0",
  "10.0.0.0.1",
  "010.0.0.1",
  "0x7f.1",
  "256.1.1.1",
  "1",
  "localhost",
  " 10.0.0.1",
  "::g",
  "10.0.0.0/8",
])("%j is no address", text => {
  expect(parseAddress(text)).toBeUndefined()
})

test.each([
  "10.0.0.0/33",
  "::/129",
  "10.0.0.0/",
  "10.0.0.0/-1",
  "10.0.0.0/08x",
  "/8",
  "10.0.0.0/8/8",
  "10.0.0.0/255.0.0.0",
])("%j is no block", text => {
  expect(parseBlock(text)).toBeUndefined()
})

/** A number of an address, and what is none. */
const part = fc.oneof(
  { weight: 8, arbitrary: fc.nat(300).map(String) },
  { weight: 1, arbitrary: fc.constantFrom("", "00", "01", " 1", "a", "0x1", "1e1", "-1") },
)
const dotted = fc.array(part, { minLength: 3, maxLength: 5 }).map(parts => parts.join("."))
const address = fc.oneof({ weight: 4, arbitrary: dotted }, { weight: 1, arbitrary: fc.ipV6() })

test("the number of an IPv4 address is that of its bytes, and of any other text there is none", () => {
  fc.assert(
    fc.property(address, text => {
      const parsed = text.includes(":") ? undefined : parseAddress(text)
      const number = parsed && Buffer.from(parsed.toByteArray()).readUInt32BE()
      expect(ipv4Number(text)).toBe(number)
    }),
    { numRuns: 1_000 },
  )
})

test("an address is within a block for the live log as it is for everything else", () => {
  const block = fc.oneof(
    fc.tuple(fc.ipV4(), fc.nat(32)).map(([ip, length]) => `${ip}/${length}`),
    fc.tuple(fc.ipV6(), fc.nat(128)).map(([ip, length]) => `${ip}/${length}`),
  )
  fc.assert(
    fc.property(address, block, (text, typed) => {
      const parsed = parseAddress(text)
      expect(withinBlock(typed)?.(text)).toBe(parsed !== undefined && isWithin(parsed, parseBlock(typed)!))
    }),
    { numRuns: 1_000 },
  )
})
