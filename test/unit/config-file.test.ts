import { chmodSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { readCommandLine } from "../../src/config/read-command-line.ts"
import { CONSOLE_OPTIONS, PROGRAM_OPTIONS } from "../../src/config/settings.ts"
import { readConfig, readDatabase } from "../../src/config.ts"
import { config, file, home, newHomes, profiles, refusal, URLS } from "../support/config-home.ts"

newHomes()

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
      `alerts of profile eu in ${file}: "errors% > 5": there is no "errors%"; did you mean error%? There are error%, 4xx%, rate, p95, queue age, workers and record lag`,
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
    expect(delay({})).toBeUndefined()
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
