import { QueryObserver } from "@tanstack/react-query"
import { expect, onTestFinished, test, vi } from "vitest"
import { openQueries, readAgain } from "../../../src/ui/runtime/query.ts"

test("what a first read brings that began before a change is not kept", async () => {
  const queries = openQueries()
  onTestFinished(() => queries.clear())
  const reads: ((found: string) => void)[] = []
  const queryFn = () => new Promise<string>(resolve => reads.push(resolve))
  const list = new QueryObserver(queries, { queryKey: ["list"], queryFn })
  onTestFinished(list.subscribe(() => {}))
  await vi.waitFor(() => expect(reads).toHaveLength(1))

  readAgain(queries)
  reads[0]?.("before the change")
  await vi.waitFor(() => expect(reads).toHaveLength(2))
  reads[1]?.("after it")
  await vi.waitFor(() => expect(list.getCurrentResult().data).toBe("after it"))
})
