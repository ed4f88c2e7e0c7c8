import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { newStream, request } from "../support/access-log.ts"
import { hasClickHouse, startClickHouse } from "../support/clickhouse.ts"
import { freshDatabase } from "../support/postgres.ts"
import { opsdeck, startOpsdeck, temporaryDirectory } from "../support/program.ts"
import { startTlsFront, TEST_AUTHORITY } from "../support/tls-front.ts"
import { eventually } from "../support/waiting.ts"
import { platformOn } from "./platform.ts"

const HISTORY = (port: number) => `clickhouse://recorder@127.0.0.1:${port}/log?secure=true`

const platform = platformOn(freshDatabase())

test.runIf(hasClickHouse())("a history in ClickHouse is reached by TLS, whose authority Node has to know", async () => {
  const home = temporaryDirectory()
  const server = await startClickHouse(join(home, "clickhouse"))
  onTestFinished(() => server.kill())
  const { password } = await server.create("log")
  const front = await startTlsFront(server.port)
  onTestFinished(() => front.close())
  const authority = join(home, "ca.pem")
  writeFileSync(authority, TEST_AUTHORITY)
  const stream = newStream()
  for (const path of ["/a", "/b"]) {
    await platform.gateway.xadd(stream, "*", ...Object.entries(request({ path })).flat())
  }
  const unknown = {
    ...platform.env,
    OPSDECK_STREAM: stream,
    OPSDECK_HISTORY: HISTORY(front.port),
    OPSDECK_HISTORY_PASSWORD: password,
  }
  const known = { ...unknown, NODE_EXTRA_CA_CERTS: authority }

  const refused = await opsdeck(["record"], unknown)
  expect(refused.status).toBe(6)
  expect(refused.stderr).toContain("signed by an unknown authority: add it to NODE_EXTRA_CA_CERTS")
  const plain = await opsdeck(["record"], { ...known, OPSDECK_HISTORY: HISTORY(server.port) })
  expect(plain.stderr).toContain("it does not speak TLS on this port")

  const recorder = startOpsdeck(["record"], known)
  const top = ["log", "top", "--by", "route", "--since", "1h", "--history-only", "--json"]
  await eventually(async () => {
    const { stdout } = await opsdeck(top, known)
    expect(
      JSON.parse(stdout)
        .data.map(({ value }: { value: string }) => value)
        .sort(),
    ).toEqual(["/a", "/b"])
  })
  recorder.process.kill("SIGTERM")
  expect(await recorder.status).toBe(0)
  const status = await opsdeck(["record", "status", "--json"], known)
  expect(JSON.parse(status.stdout)).toMatchObject({ entries: 2, recording: false })
})
