import { type IpBlock, networkOf, parseBlock, spellBlock } from "./ip-block.ts"

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
  const networks = new Networks(read.map(one => (typeof one === "string" ? undefined : one.block)))
  return read.map((one, line) =>
    typeof one === "string"
      ? { line, mistake: one, remarks: [] }
      : { line, remarks: remarksOn(one.block, line, networks) },
  )
}

function remarksOn(block: IpBlock, line: number, networks: Networks): string[] {
  const network = networkOf(block)
  const twin = networks.lineOf(network)
  const around = networks.around(network)
  return [
    ...(spellBlock(network) === spellBlock(block) ? [] : [`means ${spellBlock(network)}`]),
    ...(twin < line ? [`the same as line ${twin + 1}`] : []),
    ...(around === undefined ? [] : [`lies within ${spellBlock(around)}`]),
    ...(block[1] === 0
      ? [`means every ${block[0].kind() === "ipv4" ? "IPv4" : "IPv6"} address: trusts everybody`]
      : []),
  ]
}

/** The networks of a list by what they hold: a list of thousands is examined with every key that is typed. */
class Networks {
  private readonly lines = new Map<string, number>()
  private readonly lengths = new Set<number>()
  private readonly networks: readonly (IpBlock | undefined)[]

  constructor(blocks: readonly (IpBlock | undefined)[]) {
    this.networks = blocks.map(block => block && networkOf(block))
    for (const [line, network] of this.networks.entries()) {
      if (network === undefined) continue
      const key = spellBlock(network)
      if (!this.lines.has(key)) this.lines.set(key, line)
      this.lengths.add(network[1])
    }
  }

  /** Where `network` stands first. */
  lineOf(network: IpBlock): number {
    return this.lines.get(spellBlock(network)) ?? Number.POSITIVE_INFINITY
  }

  /** The first one in the list that holds `network` and more. */
  around([address, length]: IpBlock): IpBlock | undefined {
    const shorter = [...this.lengths].filter(other => other < length)
    return this.networks[Math.min(...shorter.map(other => this.lineOf(networkOf([address, other]))))]
  }
}
