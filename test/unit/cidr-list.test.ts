import { isIPv4, isIPv6 } from "node:net"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { examineBlocks, readBlock } from "../../src/domain/cidr-list.ts"
import { formatBlock, type IpBlock, isWithin, networkOf, parseAddress, parseBlock } from "../../src/domain/ip-block.ts"
import { cpuTime } from "../support/cpu-time.ts"

const spelled = (text: string) => {
  const read = readBlock(text)
  return typeof read === "string" ? undefined : read.spelled
}

describe("one block", () => {
  test.each([
    ["10.0.0.0/8", "10.0.0.0/8"],
    [" 10.1.2.3/08\t", "10.1.2.3/8"],
    ["2001:DB8:0:0::/32", "2001:db8::/32"],
    ["::ffff:10.0.0.0/104", "10.0.0.0/8"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["::/0", "::/0"],
  ])("%j is kept as %s", (text, expected) => expect(spelled(text)).toBe(expected))

  test.each([
    "",
    " ",
    "10.0.0.0",
    "10.0.0/8",
    "10.0.0.0/33",
    "::/129",
    "fe80::%eth0/10",
    "010.0.0.0/8",
    "10.0.0.0/8,",
    "a",
  ])("%j is none, and it says so", text => expect(readBlock(text)).toMatch(/^must be a CIDR block, like /))

  test("an address alone is told how it would be written", () => {
    expect(readBlock("10.0.0.1")).toMatch(/10\.0\.0\.1\/32$/)
  })

  const ipv4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
  const ipv6 = fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }))
  const anyBlock = fc.oneof(ipv4, ipv6).map(([address, length]) => `${address}/${length}`)

  test("every address with a length of its family is one, in a spelling that stays as it is and means the same", () => {
    fc.assert(
      fc.property(anyBlock, text => {
        const kept = spelled(text) as string
        const [address = "", length] = kept.split("/")
        expect(isIPv4(address) || isIPv6(address)).toBe(true)
        expect(Number(length)).toBeLessThanOrEqual(isIPv4(address) ? 32 : 128)
        expect(spelled(kept)).toBe(kept)
        expect(formatBlock(networkOf(parseBlock(kept)!))).toBe(formatBlock(networkOf(parseBlock(text)!)))
      }),
    )
  })

  test("the network of a block holds the same addresses, and is its own", () => {
    fc.assert(
      fc.property(anyBlock, fc.oneof(fc.ipV4(), fc.ipV6()), (text, address) => {
        const block = parseBlock(text)!
        const one = parseAddress(address)!
        expect(isWithin(one, networkOf(block))).toBe(isWithin(one, block))
        expect(networkOf(networkOf(block))).toEqual(networkOf(block))
      }),
    )
  })

  test("no text makes it fail", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: "binary" }), anyBlock), { maxLength: 8 }), lines => {
        expect(examineBlocks(lines).map(({ line }) => line)).toEqual(lines.map((_, i) => i))
      }),
    )
  })
})

test("a list is told what is wrong on each line, and what may not be meant", () => {
  const lines = ["10.0.0.0/8", "10.1.2.3/16", "x", "10.9.9.9/8", "2001:db8::/32", "::/0", "0.0.0.0/0"]
  expect(examineBlocks(lines).map(({ mistake, remarks }) => mistake ?? remarks)).toEqual([
    ["lies within 0.0.0.0/0"],
    ["means 10.1.0.0/16", "lies within 10.0.0.0/8"],
    "must be a CIDR block, like 10.0.0.0/8 or 2001:db8::/32",
    ["means 10.0.0.0/8", "the same as line 1", "lies within 0.0.0.0/0"],
    ["lies within ::/0"],
    ["means every IPv6 address: trusts everybody"],
    ["means every IPv4 address: trusts everybody"],
  ])
})

test("a list of ten thousand is examined while somebody types in it", () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `10.${(i >> 8) & 255}.${i & 255}.0/${24 + (i % 8)}`)
  const taken = cpuTime(() =>
    expect(examineBlocks([...lines, "10.1.0.0/16"])[256]?.remarks).toEqual(["lies within 10.1.0.0/16"]),
  )
  expect(taken).toBeLessThan(3_000)
})

test("what is remarkable about a line is as if it had been compared with every other one", () => {
  const near = fc.tuple(fc.constantFrom("10.0.0.0", "10.0.0.1", "10.128.0.0", "::", "::1", "::ffff:10.0.0.0"))
  const nearBlock = fc.tuple(near, fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`)
  const holds = (outer: IpBlock, inner: IpBlock) => outer[1] <= inner[1] && isWithin(inner[0], outer)
  const name = (block: IpBlock) => formatBlock(networkOf(block))
  fc.assert(
    fc.property(fc.array(nearBlock, { maxLength: 12 }), lines => {
      const blocks = lines.map(text => parseBlock(text)!)
      const remarks = blocks.map((block, line) => {
        const twin = blocks.findIndex(other => name(other) === name(block))
        const around = blocks.find(other => name(other) !== name(block) && holds(other, block))
        return [
          ...(twin < line ? [`the same as line ${twin + 1}`] : []),
          ...(around ? [`lies within ${name(around)}`] : []),
        ]
      })
      const found = examineBlocks(lines).map(finding => finding.remarks.filter(remark => !remark.startsWith("means ")))
      expect(found).toEqual(remarks)
    }),
  )
})
