import { formatBlock, type IpBlock, networkOf, parseBlock } from "./ip-block.ts"

/** Findings about one line of a list of blocks. */
export interface LineFinding {
  /** Counted from 0. */
  readonly line: number
  /** Error that prevents saving. */
  readonly mistake?: string
  /** Warnings about likely mistakes. */
  readonly remarks: readonly string[]
}

const FORM = "must be a CIDR block, like 10.0.0.0/8 or 2001:db8::/32"

/** Parses one CIDR block and spells it as the standard does; returns an error text for an invalid one. */
export function readBlock(text: string): { readonly block: IpBlock; readonly spelled: string } | string {
  const trimmed = text.trim()
  const block = trimmed.includes("%") ? undefined : parseBlock(trimmed)
  if (block === undefined) return FORM
  return trimmed.includes("/")
    ? { block, spelled: formatBlock(block) }
    : `${FORM}: this address alone is ${formatBlock(block)}`
}

/** Returns the errors and warnings of a list of trusted blocks, one finding per line, in order. */
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
    ...(formatBlock(network) === formatBlock(block) ? [] : [`means ${formatBlock(network)}`]),
    ...(twin < line ? [`the same as line ${twin + 1}`] : []),
    ...(around === undefined ? [] : [`lies within ${formatBlock(around)}`]),
    ...(block[1] === 0
      ? [`means every ${block[0].kind() === "ipv4" ? "IPv4" : "IPv6"} address: trusts everybody`]
      : []),
  ]
}

/** Index of the networks of a list: a list of thousands is examined at every key press. */
class Networks {
  private readonly lines = new Map<string, number>()
  private readonly lengths = new Set<number>()
  private readonly networks: readonly (IpBlock | undefined)[]

  constructor(blocks: readonly (IpBlock | undefined)[]) {
    this.networks = blocks.map(block => block && networkOf(block))
    for (const [line, network] of this.networks.entries()) {
      if (network === undefined) continue
      const key = formatBlock(network)
      if (!this.lines.has(key)) this.lines.set(key, line)
      this.lengths.add(network[1])
    }
  }

  /** First line of `network`. */
  lineOf(network: IpBlock): number {
    return this.lines.get(formatBlock(network)) ?? Number.POSITIVE_INFINITY
  }

  /** Returns the first network in the list that contains `network` and more. */
  around([address, length]: IpBlock): IpBlock | undefined {
    const shorter = [...this.lengths].filter(other => other < length)
    return this.networks[Math.min(...shorter.map(other => this.lineOf(networkOf([address, other]))))]
  }
}
