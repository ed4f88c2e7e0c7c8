import { describe, expect, it } from "vitest"
import { config, newHomes, profiles, refusal, secret, URLS } from "../support/config-home.ts"

newHomes()

describe("a history in ClickHouse", () => {
  const url = "clickhouse://ops@ch.internal/log"
  const named = (history: string, env = {}) => config([], { ...URLS, OPSDECK_HISTORY: history, ...env }).history?.server

  it("is named by a URL without a password, which stands in the environment", () => {
    expect(named(url, { OPSDECK_HISTORY_PASSWORD: "secret" })).toEqual({
      name: "clickhouse://ops@ch.internal:8123/log",
      url: "http://ch.internal:8123",
      username: "ops",
      password: "secret",
      database: "log",
    })
    expect(named(`${url}?secure=true`)).toMatchObject({ url: "https://ch.internal:8443", password: "" })
    expect(named("clickhouse://ops@[::1]:9/log?secure=false")).toMatchObject({ url: "http://[::1]:9" })
  })

  it("takes the password from a file, which is refused where others can read it", () => {
    const historyPasswordFile = secret("ch.key", "from the file\n")
    profiles({ profiles: { prod: { history: url, historyPasswordFile } }, defaultProfile: "prod" })
    expect(config([], URLS).history?.server?.password).toBe("from the file")
    expect(config([], { ...URLS, OPSDECK_HISTORY_PASSWORD: "nearer" }).history?.server?.password).toBe("nearer")
    secret("ch.key", "from the file\n", 0o644)
    expect(refusal(() => config([], URLS))).toContain("others can read it; run: chmod 600")
  })

  it.each([
    ["clickhouse://ops:hidden@ch/log", "a password must not stand in it"],
    ["clickhouse://ch/log", "name user and host"],
    ["clickhouse://ops@ch", "name the database"],
    ["clickhouse://ops@ch/log?secure=yes", "only secure=true"],
    ["http://ops@ch/log", "expected a directory, or clickhouse://"],
  ])("refuses %s", (history, says) => {
    const message = refusal(() => named(history))
    expect(message).toContain(`environment variable OPSDECK_HISTORY: ${says}`)
    expect(message).not.toContain("hidden")
  })
})
