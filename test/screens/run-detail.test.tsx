import { describe, expect, test } from "vitest"
import { Decimal } from "../../src/domain/decimal.ts"
import type { InspectedRun } from "../../src/domain/inspected-run.ts"
import type { RunNode } from "../../src/domain/run-tree.ts"
import { clockAt } from "../support/clock.ts"
import { answering, run } from "../support/record-screens.ts"
import { openConsole, opening } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

clockAt("2026-03-01T12:05:00Z")

const NO_EVENTS = { events: [], pieces: new Map(), more: false, inOrder: true, readAt: 0 }
const CHILD = "0de10000-0000-4000-8000-00000000000c"

/** The screen of a run with these columns. */
function open(
  columns: Partial<InspectedRun>,
  size = { columns: 100, rows: 40 },
  answers: Record<string, unknown> = {},
) {
  const deck = answering({ "runs show": run(columns), "runs timeline": NO_EVENTS, ...answers })
  const opened = opening(shell => shell.open("run", { run_id: run().run_id }))
  const terminal = openConsole([opened], deck, size)
  terminal.press("o")
  return { ...terminal, asked: deck.asked }
}

const failed = (error: Partial<NonNullable<InspectedRun["error"]>> | null): Partial<InspectedRun> => ({
  status: "failed",
  completed_at: null,
  failed_at: "2026-03-01T12:01:04Z",
  duration_ms: 192_400n,
  error: error && { error_class: null, message: null, type: "run.failed", tool_name: null, ...error },
})

const node = (columns: Partial<RunNode>): RunNode => ({
  ...{ run_id: run().run_id, parent_run_id: null, status: "completed", model: "sonnet", persona_id: "pro" },
  ...{ duration_ms: 1000n, total_input_tokens: 1n, total_output_tokens: 2n, created_at: "2026-03-01T12:00:00Z" },
  ...{ deleted_at: null, cost: 1_000_000n },
  ...columns,
})

test("a run and its tree say how far behind the replica is that they were read from", async () => {
  const readFrom = ({ mayLag = false }) => (mayLag ? { says: "replica, 2 s behind", isReplica: true } : undefined)
  const tree = { nodes: [node({})], cut: false, cut_above: false }
  const deck = { ...answering({ "runs show": run(), "runs timeline": NO_EVENTS, "runs tree": tree }), readFrom }
  for (const screen of ["run", "runTree"] as const) {
    const opened = opening(shell => shell.open(screen, { run_id: run().run_id }))
    const { press, see } = openConsole([opened], deck, { columns: 100, rows: 30 })
    press("o")
    await see("replica, 2 s behind · as of 12:05:00")
  }
})

describe("a run that failed", () => {
  test("begins with the class of the error and the whole message, wrapped, line by line and harmless", async () => {
    const message = `upstream answered 529 ${"again and ".repeat(12)}again\n\n\u001b[2J\u202eno fallback left`
    const { see, body } = open(failed({ error_class: "provider.overloaded", message }), { columns: 80, rows: 24 })
    await see("fallback left")
    expect(body().slice(2, 11)).toMatchInlineSnapshot(`
      [
        "   error            provider.overloaded  run.failed",
        "   message          upstream answered 529 again and again and again and again",
        "                    and again and again and again and again and again and",
        "                    again and again and again and again",
        "                    \\x1b[2J\\u202eno fallback left",
        " ▌ user             alice  Alice  0a11ce00-0000-4000-8000-000000000001",
        "   organization     Acme  0ac3e000-0000-4000-8000-000000000001",
        "   thread           0de10000-0000-4000-8000-0000000000ff",
        "   started          2026-03-01 12:00:00.12045Z  5m ago",
      ]
    `)
    expect(body().join("\n")).not.toMatch(/failed +-/)
  })

  test("says so where the platform does not say why", async () => {
    const { see } = open(failed(null))
    await see("error            not recorded by this platform", "duration         3m 12s")
  })

  test("in a tool names it", async () => {
    const { see } = open(failed({ error_class: "tool.failed", type: "tool.result", tool_name: "python" }))
    await see("error            tool.failed  python · tool.result")
  })
})

test("a deleted run is told as such beside its name", async () => {
  const { see } = open({ deleted_at: "2026-02-26T12:00:00Z" })
  await see("completed  deleted 3d ago", "deleted          2026-02-26 12:00:00Z  3d ago")
})

test.each([
  [{ credits: "absent" as const }, "credits          not kept by this platform"],
  [{ credits: "hidden" as const }, "credits          hidden from this role: grant SELECT on credit_transactions"],
  [{ status: "running" as const, cost_so_far: new Decimal("0.0085") }, "cost             $ 0.0085 so far"],
  [{ credits_used: 0n }, "credits          0"],
  [{ cache_read_tokens: 0n, cached_tokens: 0n, cache_creation_tokens: 0n }, "cache            not used"],
  [{ cached_tokens: 4000n, cache_hit_rate: 0.4 }, "cache            4 000 cached, 40% hit"],
])("figures that are there, and those that are not: %o", async (columns, line) => {
  const { see } = open(columns)
  await see(line)
})

describe("children", () => {
  const child = (at: number, columns: Partial<InspectedRun> = {}) =>
    run({ run_id: CHILD.replace(/c$/, String(at)), parent_run_id: run().run_id, ...columns })
  const sums = {
    total_input_tokens: 9n,
    total_output_tokens: 8n,
    total_cost_usd: new Decimal("0.0601"),
    credits_used: 24n,
  }

  test("are rows that open, with what all of them used together beside what the run did", async () => {
    const children = [child(1), child(2, { status: "failed", total_cost_usd: new Decimal("0.5") })]
    const { see, body, press, asked } = open({
      ...{ total_cost_usd: new Decimal("0.0481"), credits_used: 12n, total_input_tokens: 5n, parent_run_id: CHILD },
      ...{ children, children_count: 2, total_aggregate: sums },
    })
    await see("all of them as a tree", "started by run")
    const lines = body()
    const from = lines.findIndex(line => line.includes("cost  "))
    expect(lines.slice(from, lines.indexOf(" Timeline"))).toMatchInlineSnapshot(`
      [
        "   cost             $ 0.0481; $ 0.0601 with its 2 children",
        "   tokens           5 in, 4 out; 9 in, 8 out with its 2 children",
        "   credits          12; 24 with its 2 children",
        "   cache            -                                fallbacks        1",
        "   model            routed                           persona's model  -",
        "   provider         anthropic                        credential       main",
        "   persona          pro                              events           5",
        "   model turns      2                                tool calls       1",
        "",
        " Children",
        "   STARTED               STATUS        TOOK   TOKENS IN       OUT    COST $ MODEL",
        "   03-01 12:00   5m      completed     2.3s 9 223 372 …         4    0.0071 routed",
        "   03-01 12:00   5m      failed        2.3s 9 223 372 …         4    0.5000 routed",
        "   all of them as a tree, with the cost of each branch",
        "",
      ]
    `)
    press("j", "j", "j", "j", "enter")
    await until(() => asked.some(({ input }) => input.run_id === children[1]?.run_id))
  })

  test("are ten at most, and all of them in the tree", async () => {
    const children = Array.from({ length: 9 }, (_, at) => child(at))
    const { see, press, body } = open(
      {
        children: [...children, child(9), child(8)],
        children_count: 203,
        has_grandchildren: true,
        total_aggregate: sums,
      },
      { columns: 100, rows: 50 },
      { "runs tree": { nodes: [node({})], cut: false, cut_above: false } },
    )
    await see("with its 203 children", "the whole branch is in the tree (r)", "all of them as a tree")
    expect(body().filter(line => line.startsWith("   03-01"))).toHaveLength(10)
    press("r")
    await see("Tree of run")
  })
})

describe("the tree of runs", () => {
  const ids = ["0de10000", "0de20000", "0de30000", "0de40000"].map(id => `${id}-0000-4000-8000-000000000001`)
  const [top, middle, leaf, other] = ids as [string, string, string, string]
  const nodes = [
    node({ run_id: top }),
    node({ run_id: middle, parent_run_id: top, status: "failed", persona_id: "\u001b[31m" }),
    node({ run_id: other, parent_run_id: top, deleted_at: "2026-03-01T12:00:00Z" }),
    node({ run_id: leaf, parent_run_id: middle, status: "running", total_input_tokens: null, cost: 500_000n }),
  ]
  const openTree = (tree: object, run_id = middle) => {
    const deck = answering({ "runs tree": tree, "runs show": run({ run_id: leaf }), "runs timeline": NO_EVENTS })
    const opened = opening(shell => shell.open("runTree", { run_id }))
    const terminal = openConsole([opened], deck, { columns: 100, rows: 20 })
    terminal.press("o")
    return { ...terminal, asked: deck.asked }
  }

  test("has the cost of each branch, is closed and opened by key, and opens a run", async () => {
    const { see, body, press, gone, asked } = openTree({ nodes, cut: false, cut_above: false })
    await see("▌├ ▾ 0de2")
    expect(body().slice(3)).toMatchInlineSnapshot(`
      [
        " ▾ 0de1…  pro                   completed   sonnet                0.0100      4     0.0350",
        "▌├ ▾ 0de2…  \\x1b[31m            failed      sonnet                0.0100      2     0.0150",
        " │   └ 0de3…  pro               running     sonnet                0.0050",
        " └ 0de4…  deleted  pro          completed   sonnet                0.0100",
      ]
    `)
    press("left")
    await see("▌├ ▸ 0de2")
    await gone("0de3")
    press("right", "right", "enter")
    await see("Timeline")
    expect(asked.find(({ words }) => words === "runs show")?.input).toEqual({ run_id: leaf })
  })

  test("says that there is more of it, and marks the sums", async () => {
    const { see } = openTree({ nodes, cut: true, cut_above: true })
    await see("4+ runs", "only 4 runs were read", "there are runs above", "0.0350+")
  })
})
