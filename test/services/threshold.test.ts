import { expect, test } from "vitest"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { ThresholdCount } from "../../src/domain/threshold-count.ts"
import { simulateThreshold } from "../../src/services/gateway/threshold.ts"
import { Gateway, idOf, newStream, request } from "../support/access-log.ts"
import { addPerson } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"

const database = freshDatabase()
const gateway = Gateway.forTests()

const risky = (risk_score: string, client_ip: string, user_id?: string) =>
  request({ risk_score, client_ip, ...(user_id === undefined ? {} : { user_id }) })

test("counts the requests at the threshold or above, their addresses, and names the users", async () => {
  const stream = newStream()
  const alice = await addPerson(database.postgres, { username: "alice" })
  const bob = await addPerson(database.postgres, { username: "bob" })
  await gateway.add(stream, [
    risky("70", "203.0.113.1"),
    risky("69", "203.0.113.9", alice.id),
    risky("85", "203.0.113.1", bob.id),
    risky("100", "2001:db8::1", alice.id),
    risky("71", "203.0.113.2", alice.id),
    risky("99", "", "nobody"),
    risky("", "203.0.113.8"),
    risky("high", "203.0.113.8"),
    { path: "/bare" },
  ])
  const deck = gateway.deck(stream, database.postgres)
  expect(await deck.run(simulateThreshold, { threshold: "0.7" })).toEqual({
    requests: 9,
    seen: 9,
    since: "2023-11-14T22:13:20Z",
    rejected: 5,
    addresses: 3,
    signed_in: 4,
    users: [
      { id: alice.id, username: "alice", requests: 2 },
      { id: bob.id, username: "bob", requests: 1 },
      { id: "nobody", username: "", requests: 1 },
    ].sort((a, b) => b.requests - a.requests || (a.id < b.id ? -1 : 1)),
    ladder: [
      { threshold: 1, rejected: 1, signed_in: 1 },
      { threshold: 0.99, rejected: 2, signed_in: 2 },
      { threshold: 0.85, rejected: 3, signed_in: 3 },
    ],
  })
  expect(await deck.run(simulateThreshold, { threshold: 0 })).toMatchObject({ seen: 9, rejected: 0, users: [] })
  expect(await deck.run(simulateThreshold, { threshold: 1 })).toMatchObject({ rejected: 1, signed_in: 1 })
})

test("looks at the newest first, no further than it is told, and names twenty users", async () => {
  const stream = newStream()
  await gateway.add(
    stream,
    Array.from({ length: 1500 }, (_, i) => risky("50", `10.0.0.${i % 250}`, `user-${i % 30}`)),
  )
  const deck = gateway.deck(stream, database.postgres)
  const hits = await deck.run(simulateThreshold, { threshold: 0.5, limit: 100 })
  expect(hits).toMatchObject({
    requests: 1500,
    seen: 100,
    rejected: 100,
    addresses: 100,
    since: "2023-11-14T22:13:21.4Z",
  })
  expect(hits.users).toHaveLength(20)
  expect(await deck.run(simulateThreshold, { threshold: 0.5 })).toMatchObject({ seen: 1500, signed_in: 1500 })
})

test("goes on where a count of what somebody holds has ended: nothing is counted twice, and what left the stream counts", async () => {
  const stream = newStream()
  const alice = await addPerson(database.postgres, { username: "alice" })
  const requests = [
    risky("90", "10.0.0.1", alice.id),
    risky("90", "10.0.0.2"),
    risky("90", "10.0.0.1", alice.id),
    risky("90", "10.0.0.3", alice.id),
  ]
  await gateway.add(stream, requests)
  const counted = (from: number) => {
    const count = new ThresholdCount(0.7)
    const held = requests.map((fields, i) => StreamEntry.from(idOf(i), Object.entries(fields)))
    for (const entry of held.slice(from).reverse()) count.add(entry)
    return count.tally
  }
  const deck = gateway.deck(stream, database.postgres)
  const all = {
    requests: 4,
    seen: 4,
    since: "2023-11-14T22:13:20Z",
    rejected: 4,
    addresses: 3,
    signed_in: 3,
    users: [{ id: alice.id, username: "alice", requests: 3 }],
    ladder: [],
  }
  expect(await deck.run(simulateThreshold, { threshold: 0.7, counted: counted(2) })).toEqual(all)
  expect(await deck.run(simulateThreshold, { threshold: 0.95, counted: counted(2) })).toMatchObject({
    rejected: 0,
    ladder: [{ threshold: 0.9, rejected: 4, signed_in: 3 }],
  })
  await gateway.writer.xtrim(stream, "MAXLEN", 1)
  expect(await deck.run(simulateThreshold, { threshold: 0.7 })).toMatchObject({ requests: 1, seen: 1 })
  expect(await deck.run(simulateThreshold, { threshold: 0.7, counted: counted(0) })).toEqual(all)
})

test("a stream that is trimmed while it is read is not said to hold more than there was to see", async () => {
  const stream = newStream()
  await gateway.add(
    stream,
    Array.from({ length: 3000 }, () => request()),
  )
  const deck = gateway.deck(stream, database.postgres)
  expect(await deck.run(simulateThreshold, { threshold: 0.5 })).toMatchObject({ requests: 3000, seen: 3000 })
  const reading = deck.run(simulateThreshold, { threshold: 0.5 })
  for (let left = 2990; left > 64; left -= 10) await gateway.writer.xtrim(stream, "MAXLEN", left)
  const { requests, seen } = await reading
  expect(seen).toBe(requests)
})

test("of an empty stream there is nothing to say; of a key of another kind, why", async () => {
  const stream = newStream()
  const deck = gateway.deck(stream, database.postgres)
  expect(await deck.run(simulateThreshold, { threshold: 0.5 })).toEqual({
    requests: 0,
    seen: 0,
    since: null,
    rejected: 0,
    addresses: 0,
    signed_in: 0,
    users: [],
    ladder: [],
  })
  await gateway.writer.set(stream, "x")
  await expect(deck.run(simulateThreshold, { threshold: 0.5 })).rejects.toMatchObject({ code: "unavailable" })
})

test("is cancelled, and does not take what is no threshold", async () => {
  const deck = gateway.deck(newStream(), database.postgres)
  const signal = AbortSignal.abort()
  await expect(deck.run(simulateThreshold, { threshold: 0.5 }, { signal })).rejects.toMatchObject({ code: "cancelled" })
  for (const threshold of ["", "x", 1.5, 0.123, undefined]) {
    await expect(deck.run(simulateThreshold, { threshold })).rejects.toMatchObject({ field: "threshold" })
  }
})
