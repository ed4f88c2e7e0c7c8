import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { readEndpoint } from "../../src/adapters/postgres/endpoint.ts"
import { readCommandLine } from "../../src/config/read-command-line.ts"
import { CONSOLE_OPTIONS, PROGRAM_OPTIONS } from "../../src/config/settings.ts"
import { readConfig, readDatabase } from "../../src/config.ts"
import { DeckError } from "../../src/domain/errors.ts"

let home: string
let file: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "opsdeck-config-"))
  mkdirSync(join(home, ".config/opsdeck"), { recursive: true })
  file = join(home, ".config/opsdeck/config.json")
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true })
})

const URLS = { DATABASE_URL: "postgres://localhost/platform", REDIS_URL: "redis://localhost/0" }

const config = (argv: string[], env: Record<string, string>) =>
  readConfig(readCommandLine(argv, PROGRAM_OPTIONS), { HOME: home, ...env })

function profiles(content: unknown, mode = 0o600): void {
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content))
  chmodSync(file, mode)
}

function secret(name: string, content: string, mode = 0o600): string {
  const path = join(home, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(DeckError)
    expect((error as DeckError).exitStatus).toBe(2)
    expect((error as DeckError).message).not.toContain("\n")
    return (error as DeckError).message
  }
  throw new Error("nothing was refused")
}

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
    expect(redis.stream).toBe("file")
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
    expect(redis).toEqual({ api: { url: "redis://file/1" }, gateway: { url: "redis://file/1" }, stream: "option" })
    expect(credentials).toEqual({ apiKey: "ak-1" })
    expect(ignored).toEqual(["DATABASE_URL", "ARKLOOP_GATEWAY_REDIS_URL", "OPSDECK_STREAM", "PGHOST"])
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
      redis: { api: { url: "redis://platform/0" }, gateway: { url: "redis://platform/1" } },
    })
    expect(config([], { ...platform, REDIS_URL: "redis://ours/0" }).redis.api.url).toBe("redis://ours/0")
  })

  it("takes the API's Redis for the gateway's unless told otherwise", () => {
    expect(config([], URLS).redis).toEqual({
      api: { url: "redis://localhost/0" },
      gateway: { url: "redis://localhost/0" },
    })
    const told = config(["--stream", "other"], { ...URLS, GATEWAY_REDIS_URL: "redis://localhost/1" })
    expect(told.redis.gateway.url).toBe("redis://localhost/1")
    expect(told.redis.stream).toBe("other")
  })

  it("takes an empty variable for none", () => {
    expect(refusal(() => config([], { ...URLS, REDIS_URL: "" }))).toMatch(/^REDIS_URL is missing/)
  })

  it("uses the default profile, and XDG_CONFIG_HOME", () => {
    mkdirSync(join(home, "xdg/opsdeck"), { recursive: true })
    file = join(home, "xdg/opsdeck/config.json")
    profiles({ profiles: { eu: { databaseUrl: "postgres://db/x", redisUrl: "redis://r" } }, defaultProfile: "eu" })
    expect(config([], { XDG_CONFIG_HOME: join(home, "xdg") }).profile).toBe("eu")
  })

  it("reads the private authority that --redis-ca names", () => {
    const ca = secret("ca.pem", "PEM", 0o644)
    expect(config(["--redis-ca", ca], URLS).redis.api).toEqual({ url: "redis://localhost/0", ca: "PEM" })
    expect(refusal(() => config(["--redis-ca", `${ca}.x`], URLS))).toBe(`--redis-ca: no such file: ${ca}.x`)
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
  ])("of %s is %s", (url, name) => {
    expect(config([], { ...URLS, DATABASE_URL: url }).environment).toBe(name)
  })

  it("and the connection are of the server that PGHOST and PGPORT name, where the URL names none", () => {
    const env = { ...URLS, PGHOST: "192.0.2.7", PGPORT: "6543" }
    const bare = config([], { ...env, DATABASE_URL: "postgres:///x?user=u" })
    expect(bare.environment).toBe("192.0.2.7")
    expect(readEndpoint(bare.postgres.url)).toMatchObject({ host: "192.0.2.7", port: 6543, user: "u", database: "x" })
    expect(config([], env)).toMatchObject({ environment: "local" })
    expect(config([], { ...env, DATABASE_URL: "postgres:///x", PGHOST: "/run/pg" }).environment).toBe("/run/pg")
    profiles({ profiles: { eu: { databaseUrl: "postgres:///x", redisUrl: "redis://r" } } })
    vi.stubEnv("PGHOST", env.PGHOST)
    vi.stubEnv("PGPORT", env.PGPORT)
    expect(readEndpoint(config(["--profile", "eu"], env).postgres.url)).toMatchObject({ host: "localhost", port: 5432 })
  })

  it("is not guessed where a service file would name it: service files are not read", () => {
    const bare = { ...URLS, DATABASE_URL: "postgres:///x" }
    expect(refusal(() => config([], { ...bare, PGSERVICE: "eu" }))).toMatch("PGSERVICE: service files are not read")
    expect(refusal(() => config([], { ...URLS, DATABASE_URL: "postgres:///x?service=eu" }))).toMatch("service files")
    expect(config([], { ...URLS, PGSERVICE: "eu" }).environment).toBe("local")
    expect(config([], { ...bare, PGSERVICE: "eu", PGHOST: "192.0.2.7" }).environment).toBe("192.0.2.7")
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
    [["--database-url", "postgres://u:hunter2@h1:1,h2:2/x"], "--database-url: several hosts in one URL; name one"],
    [["--database-url", "postgres:///x?host=a,b"], "--database-url: several hosts in one URL; name one"],
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

describe("the configuration file", () => {
  const open = { databaseUrl: "postgres://db/x", redisUrl: "redis://r" }

  it.each([
    ["a password in a URL", { ...open, databaseUrl: "postgres://u:hunter2@db/x" }],
    ["a password as a parameter", { ...open, databaseUrl: "postgres://db/x?user=u&password=hunter2" }],
    ["an API key", { ...open, apiKey: "ak-hunter2" }],
  ])("with %s is refused when others can read it, whichever profile is asked for", (_, settings) => {
    profiles({ profiles: { prod: settings, other: open } }, 0o644)
    const message = refusal(() => config(["--profile", "other"], {}))
    expect(message).toBe(`configuration: ${file} holds a secret and others can read it; run: chmod 600 ${file}`)
    chmodSync(file, 0o600)
    expect(config(["--profile", "other"], {}).environment).toBe("other")
  })

  it("without secrets may be read by everybody", () => {
    profiles({ profiles: { prod: open } }, 0o644)
    expect(config(["--profile", "prod"], {}).environment).toBe("prod")
  })

  it.each([
    ["{ hunter2", "not valid JSON"],
    [
      { profiles: { prod: { ...open, databaseURL: "hunter2" } } },
      "databaseURL of profile prod in FILE: no such setting",
    ],
    [{ profiles: { prod: { ...open, stream: 7 } } }, "stream of profile prod in FILE: "],
    [{ profiles: { prod: { ...open, redisUrl: "r:hunter2" } } }, "redisUrl of profile prod in FILE: expected a URL"],
    [{ profiles: { prd: open } }, "--profile: no profile prod; did you mean prd?"],
    [{ profile: {} }, "FILE: profile: no such setting; did you mean profiles?"],
    [{ profiles: [] }, "FILE: profiles: "],
  ])("%j is refused in one line", (content, message) => {
    profiles(content)
    const said = refusal(() => config(["--profile", "prod"], {}))
    expect(said).toContain(message.replace("FILE", file))
    expect(said).not.toContain("hunter2")
  })

  it("may say beside the profiles how the operator's console is, for all of them; a profile knows better", () => {
    const keys = { "users.suspend": "ctrl-o" }
    profiles({ keys, theme: "light", mouse: true })
    const own = config([], URLS)
    expect(own).toMatchObject({ keys: { value: keys, label: `keys in ${file}` }, mouse: true })
    expect(own.theme).toEqual({ value: "light", label: `theme in ${file}` })
    profiles({ theme: "light", mouse: true, profiles: { eu: { ...open, theme: "mono", mouse: false } } })
    expect(config(["--profile", "eu"], {})).toMatchObject({
      theme: { value: "mono", label: `theme of profile eu in ${file}` },
      mouse: false,
    })
    profiles({ mouse: "yes" })
    expect(refusal(() => config([], URLS))).toBe(`mouse in ${file}: expected true or false`)
    profiles({ databaseUrl: "postgres://h/d" })
    expect(refusal(() => config([], URLS))).toBe(`${file}: databaseUrl: no such setting`)
  })

  it("may have alert rules, and the one that cannot be read is named", () => {
    const withAlerts = (alerts: unknown) => {
      profiles({ profiles: { eu: { ...open, alerts } } })
      return config(["--profile", "eu"], {}).alerts
    }
    expect(withAlerts(["error% > 5 for 30s bell"])).toEqual(["error% > 5 for 30s bell"])
    expect(config([], URLS).alerts).toEqual([])
    expect(refusal(() => withAlerts(["rate > 500/s", "errors% > 5"]))).toBe(
      `alerts of profile eu in ${file}: "errors% > 5": there is no "errors%"; did you mean error%? There are error%, 4xx%, rate and p95`,
    )
    for (const wrong of ["rate > 5", [5], {}, null]) {
      expect(refusal(() => withAlerts(wrong))).toBe(`alerts of profile eu in ${file}: expected a list of texts`)
    }
  })

  it("has to exist when a profile is asked for", () => {
    expect(refusal(() => config(["--profile", "prod"], URLS))).toBe(
      `--profile prod: no such configuration file: ${file}`,
    )
  })
})

describe("read-only", () => {
  const stores = { databaseUrl: "postgres://db/x", redisUrl: "redis://r" }
  const readOnly = (profile: string, settings: object, ...argv: string[]) => {
    profiles({ profiles: { [profile]: { ...stores, ...settings } } })
    return config(["--profile", profile, ...argv], {}).readOnly
  }

  it.each(["prod", "PROD-EU", "production"])("is a profile called %s unless it says otherwise", profile => {
    expect(readOnly(profile, {})).toBe("profile")
    expect(readOnly(profile, { readOnly: false })).toBeUndefined()
    expect(readOnly(profile, {}, "--no-read-only")).toBeUndefined()
  })

  it("is another profile that says so, and whatever --read-only is given for", () => {
    expect(readOnly("preprod", {})).toBeUndefined()
    expect(readOnly("staging", { readOnly: true })).toBe("profile")
    expect(readOnly("staging", { readOnly: false }, "--read-only")).toBe("option")
    expect(config(["--read-only"], URLS).readOnly).toBe("option")
    expect(config([], URLS).readOnly).toBeUndefined()
  })

  it("is known to who needs the database alone", () => {
    const line = readCommandLine(["--database-url", "postgres://db/x", "--read-only"], PROGRAM_OPTIONS)
    expect(readDatabase(line, { HOME: home })).toEqual({ url: "postgres://db/x", readOnly: "option" })
  })
})

describe("settings of a profile that are no texts", () => {
  const profile = (settings: object) => {
    profiles({ profiles: { eu: { databaseUrl: "postgres://db/x", redisUrl: "redis://r", ...settings } } })
    return config(["--profile", "eu"], {})
  }

  it("say when the console counts as left alone: after a quarter of an hour, or never", () => {
    expect(profile({}).idleMs).toBe(900_000)
    expect(profile({ idleMinutes: 0.5 }).idleMs).toBe(30_000)
    expect(profile({ idleMinutes: 0 }).idleMs).toBe(0)
    expect(profile({ largeGrant: 0 }).largeGrant).toBe(0)
    expect(profile({ ehloName: "[2001:db8::1]" }).ehloName).toBe("[2001:db8::1]")
  })

  it("give the environment's name a colour; red is that of production, others have one made of their names", () => {
    const named = (name: string, settings: object = {}) => {
      profiles({ profiles: { [name]: { databaseUrl: "postgres://db/x", redisUrl: "redis://r", ...settings } } })
      return config(["--profile", name], {}).colour
    }
    expect([named("prod"), named("PROD-EU"), named("prod", { colour: "blue" })]).toEqual(["red", "red", "blue"])
    const others = ["staging", "dev", "test", "eu", "us", "qa"].map(name => named(name))
    expect(others).not.toContain("red")
    expect(new Set(others).size).toBeGreaterThan(2)
    expect(others[0]).toBe(named("staging"))
    expect(profile({ colour: "red" }).colour).toBe("red")
    expect(profile({}).colour).toBe("magenta")
  })

  it.each([
    [{ readOnly: "yes" }, "readOnly", "expected true or false"],
    [{ idleMinutes: "15" }, "idleMinutes", "expected a number"],
    [{ largeGrant: "1000" }, "largeGrant", "expected a number"],
    [{ largeGrant: -1 }, "largeGrant", "expected a whole number of credits, 0 or more"],
    [{ ehloName: "a b" }, "ehloName", "expected a host's name, like mail.example.com, or an address like [192.0.2.1]"],
    [{ idleMinutes: -1 }, "idleMinutes", "expected minutes from 0 (never) to 1440"],
    [{ colour: "pink" }, "colour", "expected one of red, green, yellow, blue, magenta, cyan"],
    [{ colour: 1 }, "colour", "expected a text"],
  ])("are refused by their names: %j", (settings, name, problem) => {
    expect(refusal(() => profile(settings))).toBe(`${name} of profile eu in ${file}: ${problem}`)
  })
})

describe("how the console draws", () => {
  const drawn = (settings: object, ...argv: string[]) => {
    profiles({ profiles: { eu: { databaseUrl: "postgres://db/x", redisUrl: "redis://r", ...settings } } })
    const { fps, plainOutput } = readConfig(readCommandLine(["--profile", "eu", ...argv], CONSOLE_OPTIONS), {
      HOME: home,
    })
    return { fps, plainOutput }
  }

  it("is what options say, before the profile", () => {
    expect(drawn({})).toEqual({ fps: 60, plainOutput: false })
    expect(drawn({ fps: 10, plainOutput: true })).toEqual({ fps: 10, plainOutput: true })
    expect(drawn({ fps: 10 }, "--fps", "2", "--plain-output")).toEqual({ fps: 2, plainOutput: true })
  })

  const waiting = (settings: object, env: Record<string, string>, ...argv: string[]) => {
    profiles({ ...settings, profiles: { eu: { databaseUrl: "postgres://db/x", redisUrl: "redis://r" } } })
    return readConfig(readCommandLine(["--profile", "eu", ...argv], CONSOLE_OPTIONS), { HOME: home, ...env })
  }

  it("waits for the rest of a sequence as long as is said, else longer under SSH", () => {
    const delay = (settings: object, env: Record<string, string> = {}, ...argv: string[]) =>
      waiting(settings, env, ...argv).escapeDelayMs
    expect(delay({})).toBe(30)
    expect(delay({}, { SSH_TTY: "/dev/pts/1" })).toBe(100)
    expect(delay({}, { SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" })).toBe(100)
    expect(delay({ escapeDelay: 50 }, { SSH_TTY: "/dev/pts/1" })).toBe(50)
    expect(delay({ escapeDelay: 50 }, { OPSDECK_ESCAPE_DELAY: "70" })).toBe(70)
    expect(delay({ escapeDelay: 50 }, { OPSDECK_ESCAPE_DELAY: "70" }, "--escape-delay", "90")).toBe(90)
    const expected = "expected milliseconds from 0 to 1000"
    expect(refusal(() => waiting({}, { OPSDECK_ESCAPE_DELAY: "soon" }))).toBe(
      `environment variable OPSDECK_ESCAPE_DELAY: ${expected}`,
    )
    for (const ms of ["", "-1", "1001"]) {
      expect(refusal(() => waiting({}, {}, `--escape-delay=${ms}`))).toBe(`--escape-delay: ${expected}`)
    }
  })

  it.each(["0", "61", "2.5", "many", ""])("is not %j frames a second", fps => {
    expect(refusal(() => drawn({}, `--fps=${fps}`))).toBe("--fps: expected a whole number from 1 to 60")
  })
})
