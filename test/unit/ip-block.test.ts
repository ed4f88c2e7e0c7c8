import { expect, test } from "vitest"
import { isWithin, parseAddress, parseBlock } from "../../src/domain/ip-block.ts"

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
