import { z } from "zod"
import { defineOperation, type Operation } from "./operation.ts"
import { refusalsOf, sortFields } from "./sort.ts"

/**
 * Tells for each field that the list of `operation` can be sorted by, with a filter, why it cannot in this database; null
 * where it can. No command of its own.
 */
export const sortsServed = <Input extends z.ZodObject>({ input, sorts }: Pick<Operation<Input>, "input" | "sorts">) =>
  defineOperation({
    words: ["sorts", "served"],
    summary: "what a list can be sorted by in this database",
    input,
    answer: z.record(z.string(), z.string().nullable()),
    run: ({ postgres, signal }, filter) =>
      postgres.run(
        async (db): Promise<Record<string, string | null>> =>
          sorts === undefined ? {} : refusalsOf(db, sorts, sortFields(sorts), sorts.conditions(filter)),
        signal,
      ),
  })
