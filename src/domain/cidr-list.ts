import { containsBlock, type IpBlock, networkOf, parseBlock, sameBlock, spellBlock } from "./ip-block.ts"

/** What there is to say about one line of a list of blocks. */
export interface LineFinding {
  /** Counted from 0. */
  readonly line: number
  /** Why it cannot be saved. */
  readonly mistake?: string
  /** What a person may not have meant. */
  readonly remarks: readonly string[]
}

const FORM = "must be a CIDR block, like 10.0.0.0/8 or 2001:db8::/32"

/** `text` as one CIDR block in its standard spelling, address and length as given; else a text that says what is wrong. */
export function readBlock(text: string): { readonly block: IpBlock; readonly spelled: string } | string {
  const trimmed = text.trim()
  const block = trimmed.includes("%") ? undefined : parseBlock(trimmed)
  if (block === undefined) return FORM
  return trimmed.includes("/")
    ? { block, spelled: spellBlock(block) }
    : `${FORM}: this address alone is ${spellBlock(block)}`
}

/** What is wrong with a list of trusted blocks and what is remarkable about it, a finding for every line, in order. */
export function examineBlocks(lines: readonly string[]): LineFinding[] {
  const read = lines.map(readBlock)
  const blocks = read.map(one => (typeof one === "string" ? undefined : one.block))
  return read.map((one, line) =>
    typeof one === "string"
      ? { line, mistake: one, remarks: [] }
      : { line, remarks: remarksOn(one.block, line, blocks) },
  )
}

function remarksOn(block: IpBlock, line: number, all: readonly (IpBlock | undefined)[]): string[] {
  const network = networkOf(block)
  const twin = all.findIndex((other, i) => i < line && other !== undefined && sameBlock(other, block))
  const around = all.find(other => other !== undefined && !sameBlock(other, block) && containsBlock(other, block))
  return [
    ...(spellBlock(network) === spellBlock(block) ? [] : [`means ${spellBlock(network)}`]),
    ...(twin < 0 ? [] : [`the same as line ${twin + 1}`]),
    ...(around === undefined ? [] : [`lies within ${spellBlock(networkOf(around))}`]),
    ...(block[1] === 0
      ? [`means every ${block[0].kind() === "ipv4" ? "IPv4" : "IPv6"} address: trusts everybody`]
      : []),
  ]
}
