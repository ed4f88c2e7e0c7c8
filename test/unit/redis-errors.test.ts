import { expect, test } from "vitest"
import { DemotedError, explain, ReplyError, SentinelsError, ServerError } from "../../src/adapters/redis/errors.ts"

test.for([
  ["LOADING Redis is loading the dataset in memory", "Redis at h:1 is still loading its data"],
  [
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "Redis at h:1 is a replica that has lost its primary and answers nothing until it has one (replica-serve-stale-data no)",
  ],
  [
    "CLUSTERDOWN The cluster is down",
    "Redis at h:1 says that its Cluster is down: nodes that hold a part of the keys are missing (CLUSTER INFO tells)",
  ],
  [
    "TRYAGAIN Multiple keys request during rehashing of slot",
    "Redis at h:1 is a node of a Cluster, which is just giving the keys to another one: try again",
  ],
  [
    "MOVED 3999 h:2",
    "Redis at h:1 is a node of a Cluster, and another one has the key: write redis+cluster:// in REDIS_URL or GATEWAY_REDIS_URL",
  ],
  [
    "READONLY You can't write against a read only replica.",
    "Redis at h:1 is a read-only replica: changes are made on its primary, so name that, or its Sentinels, in REDIS_URL or GATEWAY_REDIS_URL",
  ],
  [
    "NOREPLICAS Not enough good replicas to write.",
    "Redis at h:1 takes no changes: it has too few replicas at work (min-replicas-to-write)",
  ],
  ["NOAUTH Authentication required.", "Redis at h:1 requires a password: add it to REDIS_URL or GATEWAY_REDIS_URL"],
  ["ERR something else", "Redis at h:1 refused: ERR something else"],
] as const)("what a server says, %s, is told as something to act on", ([said, told]) => {
  expect(explain(new ReplyError(said), "h:1").reason).toBe(told)
})

test("the server that failed is named where it was found by others", () => {
  expect(explain(new ServerError("h:2 (main)", new DemotedError()), "main via h:1").reason).toBe(
    "Redis at h:2 (main) is a replica now, and its Sentinels name no other primary yet",
  )
})

test("of Sentinels that fail differently, the one that can be helped is told", () => {
  const away = Object.assign(new Error("connect"), { code: "ECONNREFUSED" })
  const failures = [
    new ServerError("s1:1", away),
    new ServerError("s2:1", new ReplyError("NOAUTH Authentication required.")),
  ]
  expect(explain(new SentinelsError("main", failures), "main via s1:1")).toEqual({
    reason: "the Sentinel at s2:1 requires a password: add it to OPSDECK_SENTINEL_PASSWORD",
    remedy: "credentials",
  })
})
