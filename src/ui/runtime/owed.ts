import { ValueStore } from "../../domain/store.ts"
import type { Step } from "../../services/operation.ts"

/** Makes the owed writes to Redis, and returns those made and those still owed. */
export type Repair = () => Promise<readonly Step[]>

/** A write to Redis that is pending. */
export interface Pending {
  /** A few words. */
  readonly what: string
  /** Title of the change that owes it: two suspensions owe two writes. */
  readonly change?: string
  /** It may be pending: Redis could not be asked. */
  readonly unseen?: true
}

/** Writes to Redis that are pending, as far as this console knows. */
export class OwedWrites {
  readonly states = new ValueStore<readonly Pending[]>([])
  private readonly write: Repair
  private readonly onOwed: () => void
  private underWay: ReturnType<Repair> | undefined
  /** Writes owed since the present attempt began, which it may have missed. */
  private since: readonly Pending[] = []

  /** `onOwed` is called when Redis did not take a write: some dependency may be down. */
  constructor(write: Repair, onOwed: () => void = () => {}) {
    this.write = write
    this.onOwed = onOwed
  }

  /** Remembers the owed steps of the change with this title. */
  note(steps: readonly Step[], change: string): void {
    const owed = owedOf(steps).map(pending => ({ ...pending, change }))
    if (owed.length === 0) return
    this.since = [...this.since, ...owed]
    this.states.set(union(this.states.snapshot, owed))
    this.onOwed()
  }

  /** Makes all owed writes, whoever caused them; one attempt at a time. Rejects as the repair does. */
  repair(): ReturnType<Repair> {
    this.underWay ??= this.attempt().finally(() => {
      this.underWay = undefined
    })
    return this.underWay
  }

  private async attempt(): ReturnType<Repair> {
    this.since = []
    const steps = await this.write()
    const owed = owedOf(steps)
    // What Redis could not be asked about is as it was known.
    const known = owed.some(({ unseen }) => unseen) ? this.states.snapshot.filter(({ unseen }) => !unseen) : []
    this.states.set(union([...known, ...owed], this.since))
    if (owed.length > 0) this.onOwed()
    return steps
  }
}

const owedOf = (steps: readonly Step[]) =>
  steps
    .filter(step => step.owed !== undefined)
    .map(({ what, unseen }): Pending => ({ what, ...(unseen && { unseen }) }))

function union(some: readonly Pending[], others: readonly Pending[]): readonly Pending[] {
  const byName = [...some, ...others].map(pending => [`${pending.what}\n${pending.change ?? ""}`, pending] as const)
  return [...new Map(byName).values()]
}
