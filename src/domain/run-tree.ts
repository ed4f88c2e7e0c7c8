import { z } from "zod"
import { id } from "./fields.ts"
import { run } from "./run.ts"

/** A run in the tree of those that started one another. */
const runNode = run
  .pick({
    run_id: true,
    status: true,
    model: true,
    persona_id: true,
    duration_ms: true,
    total_input_tokens: true,
    total_output_tokens: true,
    created_at: true,
  })
  .extend({
    /** Null for the first run. */
    parent_run_id: id.nullable(),
    deleted_at: z.string().nullable(),
    /** Cost in 10^-8 US dollars; of a run that is running what is known so far. */
    cost: z.bigint(),
  })
export type RunNode = z.infer<typeof runNode>

/** A tree of runs: that of the first run, with all that came of it as far as it was read. */
export interface RunTree {
  /** The first run is the first of them; each stands behind its parent, the children of one oldest first. */
  readonly nodes: readonly RunNode[]
  /** Whether there are more runs below than were read. */
  readonly cut: boolean
  /** Whether the first run was started by another one, too far above. */
  readonly cut_above: boolean
}

/** A run with all that it started, and what those started. */
export interface Branch {
  readonly node: RunNode
  readonly children: readonly Branch[]
  /** Runs of the branch, itself included, and what they used together. */
  readonly runs: number
  readonly failed: number
  readonly running: number
  readonly tokens: bigint
  readonly cost: bigint
}

/** Returns the branch of the first run. */
export function branchOf({ nodes }: Pick<RunTree, "nodes">): Branch | undefined {
  const below = Map.groupBy(nodes, ({ parent_run_id }) => parent_run_id)
  const made = (node: RunNode): Branch => {
    const children = (below.get(node.run_id) ?? []).map(made)
    const sum = (of: (branch: Branch) => number) => children.reduce((total, child) => total + of(child), 0)
    const exact = (of: (branch: Branch) => bigint) => children.reduce((total, child) => total + of(child), 0n)
    return {
      node,
      children,
      runs: 1 + sum(({ runs }) => runs),
      failed: Number(node.status === "failed") + sum(({ failed }) => failed),
      running: Number(node.status === "running" || node.status === "cancelling") + sum(({ running }) => running),
      tokens: (node.total_input_tokens ?? 0n) + (node.total_output_tokens ?? 0n) + exact(({ tokens }) => tokens),
      cost: node.cost + exact(({ cost }) => cost),
    }
  }
  const [first] = nodes
  return first && made(first)
}
