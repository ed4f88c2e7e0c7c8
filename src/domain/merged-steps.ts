/**
 * Merges sources whose items come in steps, each source in its order, into one order: `isBefore` compares the next items of two
 * sources. Reads of each source no more than one step ahead. Ends the sources when it is left.
 */
export async function* mergedSteps<Item>(
  sources: readonly AsyncGenerator<readonly Item[]>[],
  isBefore: (one: Item, other: Item) => boolean,
): AsyncGenerator<readonly Item[]> {
  const [only, ...others] = sources
  if (only !== undefined && others.length === 0) return yield* only
  try {
    const lanes = await Promise.all(sources.map(async source => ({ source, at: 0, items: await stepOf(source) })))
    for (let left = lanes.filter(({ items }) => items.length > 0); left.length > 0; ) {
      const step: Item[] = []
      let dry: (typeof lanes)[number] | undefined
      while (dry === undefined) {
        const first = left.reduce((one, other) =>
          isBefore(other.items[other.at] as Item, one.items[one.at] as Item) ? other : one,
        )
        step.push(first.items[first.at++] as Item)
        if (first.at === first.items.length) dry = first
      }
      yield step
      dry.items = await stepOf(dry.source)
      dry.at = 0
      left = left.filter(({ items }) => items.length > 0)
    }
  } finally {
    await Promise.all(sources.map(source => source.return(undefined)))
  }
}

/** The next step that has any item; none at the end. */
async function stepOf<Item>(source: AsyncGenerator<readonly Item[]>): Promise<readonly Item[]> {
  for (;;) {
    const { done, value } = await source.next()
    if (done) return []
    if (value.length > 0) return value
  }
}
