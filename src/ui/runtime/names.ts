import { asDeckError } from "../../domain/errors.ts"
import { ValueStore } from "../../domain/store.ts"

/** Known names of users and organizations by id, and why the rest could not be read. */
export interface Names {
  readonly byId: ReadonlyMap<string, string>
  readonly trouble: string | undefined
}

/** Finds the names of users and organizations; unknown ids are left out. */
export type FindNames = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>

const KEPT = 5000
const WAIT_MS = 50
const RETRY_MS = 5000

/**
 * Cache of the names of what is in sight: read in batches, and retried every five seconds while PostgreSQL does not
 * answer.
 */
export class NameCache {
  readonly states = new ValueStore<Names>({ byId: new Map(), trouble: undefined })
  private readonly find: FindNames
  /** Ids that were found or are unknown, in the order of the requests. */
  private readonly requested = new Set<string>()
  private readonly waiting = new Set<string>()
  private timer: NodeJS.Timeout | undefined

  constructor(find: FindNames) {
    this.find = find
  }

  request(ids: Iterable<string>): void {
    for (const id of ids) {
      if (id !== "" && !this.requested.has(id)) this.waiting.add(id)
    }
    if (this.waiting.size > 0) this.timer ??= setTimeout(() => void this.read(), WAIT_MS)
  }

  close(): void {
    clearTimeout(this.timer)
  }

  private async read(): Promise<void> {
    const ids = [...this.waiting]
    this.waiting.clear()
    for (const id of ids) this.requested.add(id)
    try {
      this.keep(await this.find(ids))
      this.timer = undefined
      this.request([])
    } catch (error) {
      for (const id of ids) this.requested.delete(id)
      this.states.set({ ...this.states.snapshot, trouble: asDeckError(error).message })
      this.timer = setTimeout(() => void this.read(), RETRY_MS)
    }
  }

  private keep(found: ReadonlyMap<string, string>): void {
    const byId = new Map([...this.states.snapshot.byId, ...found])
    for (const id of oldestOf(this.requested)) {
      this.requested.delete(id)
      byId.delete(id)
    }
    this.states.set({ byId, trouble: undefined })
  }
}

/** Returns the ids beyond the limit, unknown ones included. */
const oldestOf = (asked: ReadonlySet<string>): string[] => [...asked].slice(0, Math.max(0, asked.size - KEPT))
