/** Seeded random number generator (mulberry32): one seed, one sequence. For sample data only, never for a secret. */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = seed | 0
  }

  /** Returns a number from 0 up to, and without, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    return mix(this.state) / 2 ** 32
  }

  /** Returns a whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }

  /** Log-normal, as latencies and sizes are: half of the values are below `median`, few are far above it. */
  logNormal(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
    return median * Math.exp(sigma * normal)
  }

  /** Lower-case hexadecimal. */
  hex(digits: number): string {
    let text = ""
    while (text.length < digits)
      text += Math.floor(this.next() * 2 ** 32)
        .toString(16)
        .padStart(8, "0")
    return text.slice(0, digits)
  }

  /** A version 4 UUID. */
  uuid(): string {
    const hex = this.hex(31)
    const variant = "89ab"[Math.floor(this.next() * 4)]
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(15, 18)}-${hex.slice(18, 30)}`
  }
}

/** Returns the same random number for the same `number` and `seed`: 0 up to, and without, 1. */
export function chanceOf(number: number, seed: number): number {
  return mix(mix(Math.imul(number, 0x9e3779b1) ^ seed) ^ (number >>> 3)) / 2 ** 32
}

/** Returns the same random number for the same text: 0 up to, and without, 1. */
export function chanceOfText(text: string): number {
  let sum = 0
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum, 31) + text.charCodeAt(i)
  return chanceOf(sum, text.length)
}

/** Returns a function that picks items by weight. */
export function weighted<T extends { readonly weight: number }>(items: readonly T[]): (random: Random) => T {
  let total = 0
  const bounds = items.map(item => (total += item.weight))
  return random => {
    const at = random.next() * total
    return items[bounds.findIndex(bound => at < bound)] as T
  }
}

/** Spreads the bits of `n` over 32 unsigned bits. */
function mix(n: number): number {
  let t = Math.imul(n ^ (n >>> 15), n | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return (t ^ (t >>> 14)) >>> 0
}
