import { ValueStore } from "../../domain/store.ts"
import type { Step } from "../../services/operation.ts"

/** Makes the owed writes to Redis, and returns those made and those still owed. */
export type Repair = () => Promise<readonly Step[]>

/** Writes to Redis owed by changes of this console, as far as it knows: a few words each. */
export class OwedWrites {
  readonly states = new ValueStore<readonly string[]>([])
  private readonly write: Repair
  private underWay: ReturnType<Repair> | undefined
  /** Writes owed since the present attempt began, which it may have missed. */
  private since: readonly string[] = []

  constructor(write: Repair) {
    this.write = write
  }

  /** Remembers the owed steps of a change. */
  note(steps: readonly Step[]): void {
    const owed = owedOf(steps)
    if (owed.length === 0) return
    this.since = [...this.since, ...owed]
    this.states.set(union(this.states.snapshot, owed))
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
    this.states.set(union(owedOf(steps), this.since))
    return steps
  }
}

const owedOf = (steps: readonly Step[]) => steps.filter(step => step.owed !== undefined).map(step => step.what)
const union = (some: readonly string[], others: readonly string[]) => [...new Set([...some, ...others])]
