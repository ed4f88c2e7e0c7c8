import type { Redis } from "ioredis"

/** The numbers of the requests in a stream. */
export async function numbersIn(redis: Redis, stream: string): Promise<number[]> {
  const numbers: number[] = []
  for (let from = "-"; ; ) {
    const rows = await redis.xrange(stream, from, "+", "COUNT", 5_000)
    for (const [, [, path = ""]] of rows) numbers.push(Number(path.slice("/n/".length)))
    const last = rows.at(-1)
    if (last === undefined) return numbers
    from = `(${last[0]}`
  }
}
