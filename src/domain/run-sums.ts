import { z } from "zod"
import { Decimal, decimal } from "./decimal.ts"

/** Sums over all runs that a filter finds, whatever the page: their number, tokens, and cost in US dollars. */
export const runSums = z.object({
  runs: z.bigint(),
  total_input_tokens: z.bigint(),
  total_output_tokens: z.bigint(),
  total_cost_usd: decimal,
})
export type RunSums = z.infer<typeof runSums>

/** Columns of `runs` that are summed up. */
export const SUMMED = ["total_input_tokens", "total_output_tokens", "total_cost_usd"] as const

/** Reads the number of runs, and the sums of their columns as PostgreSQL writes them. */
export const readRunSums = (runs: number, sums: Readonly<Record<string, string>>): RunSums => ({
  runs: BigInt(runs),
  total_input_tokens: BigInt(sums.total_input_tokens ?? 0),
  total_output_tokens: BigInt(sums.total_output_tokens ?? 0),
  total_cost_usd: new Decimal(sums.total_cost_usd ?? "0"),
})
