import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { oneGateway } from "../../src/adapters/redis/connections.ts"
import { readCommandLine } from "../../src/config/read-command-line.ts"
import { PROGRAM_OPTIONS } from "../../src/config/settings.ts"
import { readDatabase } from "../../src/config.ts"
import { config, file, home, moveFile, newHomes, profiles, refusal, secret, URLS } from "../support/config-home.ts"

newHomes()

describe("where a setting comes from", () => {
  const fromFile = { databaseUrl: "postgres://file/x", redisUrl: "redis://file/1", stream: "file", login: "file" }

  it("prefers an option to the environment, and the environment to the default profile", () => {
    profiles({ profiles: { prod: fromFile }, defaultProfile: "prod" })
    const { postgres, redis, ignored } = config(["--database-url", "postgres://option/x"], {
      DATABASE_URL: "postgres://environment/x",
      REDIS_URL: "redis://environment/2",
    })
    expect(postgres.url).toBe("postgres://option/x")
    expect(redis.api.url).toBe("redis://environment/2")
    expect(redis.gateways[0].stream).toBe("file")
    expect(ignored).toBeUndefined()
  })

  it("takes the servers of a profile that is asked for by name from there and from options alone", () => {
    profiles({ profiles: { prod: fromFile } })
    const env = {
      DATABASE_URL: "postgres://environment/x",
      REDIS_URL: "redis://file/1",
      ARKLOOP_GATEWAY_REDIS_URL: "redis://environment/3",
      OPSDECK_STREAM: "environment",
      PGHOST: "192.0.2.9",
      OPSDECK_API_KEY: "ak-1",
    }
    const { postgres, redis, ignored, credentials, environment } = config(
      ["--profile", "prod", "--stream", "option"],
      env,
    )
    expect(environment).toBe("prod")
    expect(postgres.url).toBe("postgres://file/x")
    expect(redis).toEqual({
      api: { url: "redis://file/1" },
      gateways: oneGateway({ url: "redis://file/1" }, "option"),
    })
    expect(credentials).toEqual({ apiKey: "ak-1" })
    expect(ignored).toEqual(["DATABASE_URL", "ARKLOOP_GATEWAY_REDIS_URL", "OPSDECK_STREAM", "PGHOST"])
  })

  it("reads lists from the replica that is named, no further behind than ten seconds or what the profile says", () => {
    const readUrl = "postgres://replica/x"
    expect(config([], URLS).postgres).not.toHaveProperty("read")
    expect(config([], { ...URLS, OPSDECK_READ_URL: readUrl }).postgres.read).toEqual({ url: readUrl, maxLagS: 10 })
    profiles({ profiles: { prod: { ...fromFile, readUrl, maxLag: 2.5 } } })
    const env = { OPSDECK_READ_URL: "postgres://environment/x" }
    const { postgres, ignored } = config(["--profile", "prod"], env)
    expect(postgres.read).toEqual({ url: readUrl, maxLagS: 2.5 })
    expect(ignored).toEqual(["OPSDECK_READ_URL"])
    expect(config(["--profile", "prod", "--read-url", "postgres://option/x"], {}).postgres.read?.url).toBe(
      "postgres://option/x",
    )
    profiles({ profiles: { prod: { ...fromFile, readUrl, maxLag: 0 } } })
    expect(refusal(() => config(["--profile", "prod"], {}))).toBe(
      `maxLag of profile prod in ${file}: expected a number above 0`,
    )
  })

  it("says what the profile lacks, whatever the environment has", () => {
    profiles({ profiles: { prod: { databaseUrl: "postgres://file/x" } } })
    expect(refusal(() => config(["--profile", "prod"], URLS))).toBe(
      `profile prod has no redisUrl: add it in ${file}, or give --redis-url`,
    )
  })

  it("reads the platform's own names after ours", () => {
    const platform = {
      ARKLOOP_DATABASE_URL: "postgres://platform/x",
      ARKLOOP_REDIS_URL: "redis://platform/0",
      ARKLOOP_GATEWAY_REDIS_URL: "redis://platform/1",
    }
    expect(config([], platform)).toMatchObject({
      environment: "platform",
      postgres: { url: "postgres://platform/x" },
      redis: { api: { url: "redis://platform/0" }, gateways: [{ redis: { url: "redis://platform/1" } }] },
    })
    expect(config([], { ...platform, REDIS_URL: "redis://ours/0" }).redis.api.url).toBe("redis://ours/0")
  })

  it("takes the API's Redis for the gateway's unless told otherwise", () => {
    expect(config([], URLS).redis).toEqual({
      api: { url: "redis://localhost/0" },
      gateways: oneGateway({ url: "redis://localhost/0" }),
    })
    const told = config(["--stream", "other"], { ...URLS, GATEWAY_REDIS_URL: "redis://localhost/1" })
    expect(told.redis.gateways[0].redis.url).toBe("redis://localhost/1")
    expect(told.redis.gateways[0].stream).toBe("other")
  })

  it("takes an empty variable for none", () => {
    expect(refusal(() => config([], { ...URLS, REDIS_URL: "" }))).toMatch(/^REDIS_URL is missing/)
  })

  it("uses the default profile, and XDG_CONFIG_HOME", () => {
    mkdirSync(join(home, "xdg/opsdeck"), { recursive: true })
    moveFile(join(home, "xdg/opsdeck/config.json"))
    profiles({ profiles: { eu: { databaseUrl: "postgres://db/x", redisUrl: "redis://r" } }, defaultProfile: "eu" })
    expect(config([], { XDG_CONFIG_HOME: join(home, "xdg") }).profile).toBe("eu")
  })

  it("reads the private authority that --redis-ca names", () => {
    const ca = secret("ca.pem", "PEM", 0o644)
    expect(config(["--redis-ca", ca], URLS).redis.api).toEqual({ url: "redis://localhost/0", ca: "PEM" })
    expect(refusal(() => config(["--redis-ca", `${ca}.x`], URLS))).toBe(`--redis-ca: no such file: ${ca}.x`)
  })

  it("reads the certificate to show to Redis, whose key must be private, and the Sentinels' password", () => {
    const [cert, key] = [secret("cert.pem", "CERT", 0o644), secret("key.pem", "KEY")]
    const sentinels = { OPSDECK_SENTINEL_USER: "watcher", OPSDECK_SENTINEL_PASSWORD_FILE: secret("sentinel", "s\n") }
    expect(
      config(["--redis-cert", cert, "--redis-key", key], { ...URLS, ...sentinels }).redis.gateways[0].redis,
    ).toEqual({
      ...{ url: "redis://localhost/0", cert: "CERT", key: "KEY" },
      ...{ sentinelUser: "watcher", sentinelPassword: "s" },
    })
    expect(refusal(() => config(["--redis-cert", cert], URLS))).toBe(
      "--redis-cert: also needs --redis-key: certificate and key are a pair",
    )
    const open = secret("open.pem", "KEY", 0o644)
    expect(refusal(() => config(["--redis-cert", cert, "--redis-key", open], URLS))).toBe(
      `--redis-key: ${open} holds a secret and others can read it; run: chmod 600 ${open}`,
    )
  })

  it("finds a profile's files beside the configuration file", () => {
    secret(".config/opsdeck/key", "ak-1\n")
    profiles({ profiles: { prod: { databaseUrl: "postgres://db/x", redisUrl: "redis://r", apiKeyFile: "key" } } })
    expect(config(["--profile", "prod"], {}).credentials).toEqual({ apiKey: "ak-1" })
  })

  it("needs no Redis for the database's URL alone", () => {
    const line = readCommandLine(["--database-url", "postgres://db/x"], PROGRAM_OPTIONS)
    expect(readDatabase(line, { HOME: home })).toEqual({ url: "postgres://db/x" })
  })
})

describe("the environment's name", () => {
  it.each([
    ["postgres://localhost/x", "local"],
    ["postgres://127.0.0.1:5433/x", "local"],
    ["postgres://[::1]/x", "local"],
    ["postgres:///x", "local"],
    ["postgres:///x?host=/var/run/postgresql", "/var/run/postgresql"],
    ["postgres://%2Fvar%2Frun%2Fpostgresql/x", "/var/run/postgresql"],
    ["postgres://db.eu.example.com/x", "db.eu.example.com"],
    ["postgres://[2001:db8::1]/x", "2001:db8::1"],
    ["postgres:///x?host=192.0.2.2", "192.0.2.2"],
    ["postgres://u@localhost/x?host=192.0.2.2", "192.0.2.2"],
    ["postgres://u@localhost:5433,db2,db3:5434/x", "db2"],
    ["postgres:///x?host=localhost,127.0.0.1&port=1,2", "local"],
  ])("of %s is %s", (url, name) => {
    expect(config([], { ...URLS, DATABASE_URL: url }).environment).toBe(name)
  })

  it("and its colour are the profile's only while the profile's database is used", () => {
    profiles({ profiles: { prod: { databaseUrl: "postgres://db/x", redisUrl: "redis://r", colour: "green" } } })
    expect(config(["--profile", "prod"], URLS)).toMatchObject({ environment: "prod", colour: "green" })
    const other = config(["--profile", "prod", "--database-url", "postgres://other/x"], {})
    expect(other.environment).toBe("other")
    expect(other.colour).toBeUndefined()
  })
})

describe("credentials", () => {
  it("come from the environment, a private file, or a login", () => {
    expect(config([], URLS).credentials).toBeUndefined()
    expect(config([], { ...URLS, OPSDECK_API_KEY: "ak-1" }).credentials).toEqual({ apiKey: "ak-1" })
    expect(config(["--api-key-file", secret("key", "ak-2\n")], URLS).credentials).toEqual({ apiKey: "ak-2" })
    expect(config(["--login", "a"], URLS).credentials).toEqual({ login: "a" })
    expect(config(["--login", "a"], { ...URLS, OPSDECK_PASSWORD: "p" }).credentials).toEqual({
      login: "a",
      password: "p",
    })
  })

  it("prefer what is nearer: a --login to OPSDECK_API_KEY", () => {
    expect(config(["--login", "a"], { ...URLS, OPSDECK_API_KEY: "ak-1" }).credentials).toEqual({ login: "a" })
  })

  it("are refused when two are given in one place", () => {
    const argv = ["--login", "a", "--api-key-file", secret("key", "ak-2")]
    expect(refusal(() => config(argv, URLS))).toBe("--api-key-file and --login are mutually exclusive")
  })

  it("are refused from a key file that is empty", () => {
    expect(refusal(() => config(["--api-key-file", secret("key", "\n")], URLS))).toBe(
      "--api-key-file: the file is empty",
    )
  })

  it("are refused from a key file that others can read, with the remedy", () => {
    const path = secret("key", "ak-2", 0o640)
    const message = refusal(() => config(["--api-key-file", path], URLS))
    expect(message).toBe(`--api-key-file: ${path} holds a secret and others can read it; run: chmod 600 ${path}`)
  })
})

describe("what is wrong", () => {
  it.each([
    [["--database-url", "mysql://u:hunter2@h/x"], "--database-url: expected a URL like postgres://"],
    [["--database-url", "postgres://u:hunter2@h1:1,h2:x/x"], "--database-url: not a valid URL"],
    [["--database-url", "postgres:///x?host=a,b,c&port=1,2"], "--database-url: 2 ports for 3 hosts"],
    [
      ["--database-url", "postgres://u:hunter2@h/x?target_session_attrs=primery"],
      "target_session_attrs is one of any,",
    ],
    [["--database-url", "postgres://u:hunter2@h/x?connect_timeout=soon"], "connect_timeout is a number of seconds"],
    [["--database-url", "postgres://u:hunter2#@h/x"], "--database-url: not a valid URL"],
    [["--database-url", "postgres://u:hunter2@h:port/x"], "--database-url: not a valid URL"],
    [["--database-url", "postgres://u@h/x?sslmode=no-verify"], "--database-url: certificates are always checked"],
    [["--redis-url", "http://u:hunter2@h"], "--redis-url: expected a URL like redis://"],
    [["--redis-url", "redis://:hunter2@h/zero"], "--redis-url: the path must be a database number"],
    [["--redis-url", "redis://:hunter2%@h/0"], "--redis-url: a % in the user or the password must be written as %25"],
    [["--redis-url", "redis://:hunter2@a,b/0"], "--redis-url: several hosts in one URL; name one"],
    [["--stream", ""], "--stream: is empty"],
  ])("%j is said with the option, and without the password", (argv, message) => {
    const said = refusal(() => config(argv, URLS))
    expect(said).toContain(message)
    expect(said).not.toContain("hunter2")
  })

  it("names the environment variable it came from", () => {
    const said = refusal(() => config([], { ...URLS, REDIS_URL: "localhost:6379" }))
    expect(said).toMatch(/^environment variable REDIS_URL: expected a URL like redis:/)
  })

  it("names the remedy for what is missing", () => {
    const said = refusal(() => config([], {}))
    expect(said).toBe(`DATABASE_URL is missing: set DATABASE_URL, or give --database-url or a --profile of ${file}`)
  })
})
