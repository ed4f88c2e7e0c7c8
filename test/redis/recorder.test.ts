import { execFile } from "node:child_process"
import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { describe, expect } from "vitest"
import { redisGrant } from "../../src/services/redis-rights.ts"
import { Recordings } from "../support/recording.ts"
import { add, idsInStream, KEY, type Lab, test } from "../support/redis.ts"
import { eventually } from "../support/waiting.ts"

const begin = async (lab: Lab) => {
  const { server, redis } = await lab.redis()
  return { server, redis, history: await Recordings.in(lab, server.url) }
}

describe("each entry is in the history once, or in a gap of its size", () => {
  test("what the stream holds at first and what comes meanwhile", async ({ lab }) => {
    const { redis, history } = await begin(lab)
    await add(redis, 500)
    const recorder = history.start()
    await eventually(() => expect(history.said).toHaveLength(1))
    await add(redis, 100, 500)
    // Written by itself, without an end.
    await eventually(async () => expect(await history.story()).toEqual(["0..599"]))
    await add(redis, 10, 600)
    await recorder.end()
    expect(await history.story()).toEqual(["0..609"])
  })

  test("the next recorder goes on behind the last row; what was trimmed meanwhile is a gap", async ({ lab }) => {
    const { redis, history } = await begin(lab)
    await add(redis, 10)
    await history.start().end()
    // Before it had connected, so nothing is there.
    let recorder = history.start()
    await eventually(async () => expect(await history.story()).toEqual(["0..9"]))
    await recorder.end()
    await add(redis, 5, 10)
    recorder = history.start()
    await eventually(async () => expect(await history.story()).toEqual(["0..14"]))
    await recorder.end()
    await add(redis, 20, 15)
    await redis.xtrim(KEY, "MAXLEN", "=", 8)
    recorder = history.start()
    await eventually(async () => expect(await history.story()).toEqual(["0..14", "12 lost: not_recording", "27..34"]))
    await recorder.end()
  })

  test("what a replica that was promoted may lack is a gap that says so, also where nobody recorded meanwhile", async ({
    lab,
  }) => {
    const { server, redis } = await lab.redis()
    const { server: next, redis: other } = await lab.redis({ args: ["--replicaof", "127.0.0.1", String(server.port)] })
    await eventually(async () => expect(await other.info("replication")).toContain("master_link_status:up"))
    await add(redis, 10)
    const proxy = await lab.proxy(server)
    const history = await Recordings.in(lab, proxy.url)
    let recorder = history.start()
    await eventually(async () => expect(await history.story()).toEqual(["0..9"]))
    await recorder.end()
    await eventually(async () => expect(await idsInStream(other)).toHaveLength(10))
    await other.replicaof("NO", "ONE")
    await proxy.close()
    await lab.proxy(next, proxy.port)
    await add(other, 5, 10)
    recorder = history.start()
    await eventually(async () => expect(await history.story()).toEqual(["0..9", "unknown lost: failover", "10..14"]))
    await recorder.end()
  })

  test("a stream that is made anew begins an epoch, and what nobody saw of the old one is a gap of unknown size", async ({
    lab,
  }) => {
    const { redis, history } = await begin(lab)
    await add(redis, 10)
    let recorder = history.start()
    await eventually(async () => expect(await history.story()).toEqual(["0..9"]))
    await redis.del(KEY)
    await add(redis, 3, 10)
    await eventually(async () => expect(await history.story()).toEqual(["0..9", "reset to epoch 1", "10..12"]))
    await recorder.end()
    await redis.del(KEY)
    await add(redis, 3, 13)
    recorder = history.start()
    const whole = ["0..9", "reset to epoch 1", "10..12", "unknown lost: epoch_ended", "reset to epoch 2", "13..15"]
    await eventually(async () => expect(await history.story()).toEqual(whole))
    await recorder.end()
  })
})

test("it needs no more of Redis than doctor --grants prints for it", async ({ lab }) => {
  const { server, redis, history } = await begin(lab)
  await redis.call(...(redisGrant("recording", [KEY]).replace("PASSWORD", "secret").split(" ") as [string]))
  await add(redis, 10)
  const recorder = history.start(server.url.replace("//", "//opsdeck_recorder:secret@"))
  await eventually(async () => expect(await history.story()).toEqual(["0..9"]))
  await redis.xadd(KEY, "*", "n", "10")
  await redis.xtrim(KEY, "MAXLEN", "=", 1)
  await eventually(async () => expect(await history.story()).toEqual(["0..10"]))
  await recorder.end()
  expect(await redis.call("ACL", "LOG")).toEqual([])
})

test.runIf(process.getuid?.() === 0)(
  "with a group, who is in it reads everything, and nobody else does",
  async ({ lab }) => {
    const { redis, history } = await begin(lab)
    await add(redis, 10)
    // Whoever starts the recorder may let nobody else read what they make.
    const before = process.umask(0o077)
    await history
      .start(undefined, undefined, "daemon")
      .end()
      .finally(() => process.umask(before))
    const mode = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8)
    expect([await mode(history.directory), await mode(history.files)]).toEqual(["2750", "2750"])
    const names = await readdir(history.files)
    expect(new Set(await Promise.all(names.map(name => mode(join(history.files, name)))))).toEqual(new Set(["640"]))

    await chmod(dirname(history.directory), 0o711)
    const { gid } = await stat(history.directory)
    const readAs = (group: number) => {
      const nobody = ["--reuid", "65534", "--regid", "65534", "--groups", String(group)]
      const paths = names.map(name => join(history.files, name))
      return promisify(execFile)("setpriv", [...nobody, "cat", ...paths], { maxBuffer: 1e8, encoding: "buffer" })
    }
    expect((await readAs(gid)).stdout.length).toBeGreaterThan(1_000)
    await expect(readAs(65534)).rejects.toThrow("Permission denied")
  },
)

test("a history is refused to the recorder of another stream, and to the same one at another place until its identity says so", async ({
  lab,
}) => {
  const { history } = await begin(lab)
  const other = await lab.server()
  await history.start().end()
  await expect(history.start(other.url).ended).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(
      new RegExp(`127.0.0.1:${other.port}/0: use another --history, or, where the stream has moved, .* identity.json`),
    ),
  })
  const identity = join(history.files, "identity.json")
  const moved = JSON.parse(await readFile(identity, "utf8"))
  await writeFile(identity, JSON.stringify({ ...moved, redis: `127.0.0.1:${other.port}/0` }))
  await history.start(other.url).end()
})
