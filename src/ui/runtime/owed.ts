import { ValueStore } from "../../domain/store.ts"
import type { Step } from "../../services/operation.ts"

/** Writes what is owed to Redis, and answers what it wrote and what is still owed. */
export type Repair = () => Promise<readonly Step[]>

/** What the changes of this console still owe to Redis, as far as it knows: a few words each. */
export class OwedWrites {
  readonly states = new ValueStore<readonly string[]>([])
  private readonly write: Repair
  private underWay: ReturnType<Repair> | undefined
  /** What came to be owed since the present attempt began, which may not have seen it. */
  private since: readonly string[] = []

  constructor(write: Repair) {
    this.write = write
  }

  /** Remembers what of a change is still owed. */
  note(steps: readonly Step[]): void {
    const owed = owedOf(steps)
    if (owed.length === 0) return
    this.since = [...this.since, ...owed]
    this.states.set(united(this.states.snapshot, owed))
  }

  /** Puts right what is owed, by anybody; one attempt at a time. Throws what the writing throws. */
  repair(): ReturnType<Repair> {
    this.underWay ??= this.attempt().finally(() => {
      this.underWay = undefined
    })
    return this.underWay
  }

  private async attempt(): ReturnType<Repair> {
    this.since = []
    const steps = await this.write()
    this.states.set(united(owedOf(steps), this.since))
    return steps
  }
}

const owedOf = (steps: readonly Step[]) => steps.filter(step => step.owed !== undefined).map(step => step.what)
const united = (some: readonly string[], others: readonly string[]) => [...new Set([...some, ...others])]
