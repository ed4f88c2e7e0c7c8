import { expect, test } from "vitest"
import { userRequests } from "../../src/services/log-counts/user-requests.ts"
import { Gateway, request } from "../support/access-log.ts"
import { freshDatabase } from "../support/postgres.ts"
import { recordedLog } from "../support/recorded-log.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()

test("a user's requests of the last days are counted by day, and none where nothing is recorded", async () => {
  const { stream, deck, record } = recordedLog(gateway, database)
  const user = "0a11ce00-0000-4000-8000-000000000001"
  const today = Math.floor(Date.now() / 86_400_000) * 86_400_000
  const log = (ms: number, fields: Record<string, string>) =>
    gateway.writer.xadd(stream, `${ms}-*`, ...Object.entries(request({ user_id: user, ...fields })).flat())
  expect(await deck.run(userRequests, { id: user })).toEqual({ days: null })
  await log(today - 2 * 86_400_000 + 5, { duration_ms: "40" })
  await log(today - 86_400_000 - 1, { status: "404", duration_ms: "40" })
  await log(today - 1, { status: "503", duration_ms: "40" })
  await record(3)
  await gateway.writer.xtrim(stream, "MAXLEN", "=", 0)
  await log(today, { duration_ms: "40" })
  await log(today, { user_id: "0a11ce00-0000-4000-8000-000000000002" })
  const day = (ago: number, requests: number, refused: number, failed: number) => {
    const from = new Date(today - ago * 86_400_000).toISOString().replace(".000Z", "Z")
    return { from, requests, refused, failed, p50: 40, p95: 40 }
  }
  const days = [day(0, 1, 0, 0), day(1, 1, 0, 1), day(2, 2, 1, 0)]
  expect(await deck.run(userRequests, { id: user })).toEqual({ days })
})
