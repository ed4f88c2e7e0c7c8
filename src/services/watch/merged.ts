/** Yields what `sources` yield as it comes, until all have ended. Those still under way end by the signal that they have. */
export async function* merged<Item>(sources: readonly AsyncGenerator<Item>[]): AsyncGenerator<Item> {
  const next = async (source: AsyncGenerator<Item>) => ({ source, result: await source.next() })
  const under = new Map(sources.map(source => [source, next(source)]))
  try {
    while (under.size > 0) {
      const { source, result } = await Promise.race(under.values())
      if (result.done) under.delete(source)
      else {
        under.set(source, next(source))
        yield result.value
      }
    }
  } finally {
    // Nobody waits for the others any more.
    for (const waiting of under.values()) waiting.catch(() => {})
  }
}
