import { asDeckError } from "../../domain/errors.ts"
import { ValueStore } from "../../domain/store.ts"

/** User names by id, as far as they are known, and why the rest is not. */
export interface Names {
  readonly byId: ReadonlyMap<string, string>
  readonly trouble: string | undefined
}

/** Finds the names of users; ids that nobody has are left out. */
export type FindNames = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>

const KEPT = 5000
const WAIT_MS = 50
const RETRY_MS = 5000

/**
 * The names of the users in sight: asked for in batches, kept, and asked for again every five seconds while
 * PostgreSQL does not answer.
 */
export class NameCache {
  readonly states = new ValueStore<Names>({ byId: new Map(), trouble: undefined })
  private readonly find: FindNames
  /** What was found or is nobody's, in the order in which it was asked for. */
  private readonly asked = new Set<string>()
  private readonly waiting = new Set<string>()
  private timer: NodeJS.Timeout | undefined

  constructor(find: FindNames) {
    this.find = find
  }

  want(ids: Iterable<string>): void {
    for (const id of ids) {
      if (id !== "" && !this.asked.has(id)) this.waiting.add(id)
    }
    if (this.waiting.size > 0) this.timer ??= setTimeout(() => void this.ask(), WAIT_MS)
  }

  close(): void {
    clearTimeout(this.timer)
  }

  private async ask(): Promise<void> {
    const ids = [...this.waiting]
    this.waiting.clear()
    for (const id of ids) this.asked.add(id)
    try {
      this.keep(await this.find(ids))
      this.timer = undefined
      this.want([])
    } catch (error) {
      for (const id of ids) this.asked.delete(id)
      this.states.set({ ...this.states.snapshot, trouble: asDeckError(error).message })
      this.timer = setTimeout(() => void this.ask(), RETRY_MS)
    }
  }

  private keep(found: ReadonlyMap<string, string>): void {
    const byId = new Map([...this.states.snapshot.byId, ...found])
    for (const id of oldestOf(this.asked)) {
      this.asked.delete(id)
      byId.delete(id)
    }
    this.states.set({ byId, trouble: undefined })
  }
}

/** The ids that are too many, those that nobody has included. */
const oldestOf = (asked: ReadonlySet<string>): string[] => [...asked].slice(0, Math.max(0, asked.size - KEPT))
