import { describe, expect, it } from "vitest"
import { didYouMean, type Options } from "../../src/config/command-line.ts"
import { leadingWords, readCommandLine } from "../../src/config/read-command-line.ts"

const options: Options = {
  sort: { kind: "text", summary: "", signed: true },
  limit: { kind: "text", summary: "" },
  email: { kind: "text", summary: "" },
  "api-key": { kind: "text", summary: "" },
  json: { kind: "flag", summary: "" },
  active: { kind: "flag", summary: "", negatable: true },
  cidr: { kind: "list", summary: "" },
}

const read = (...argv: string[]) => {
  const { words, values } = readCommandLine(argv, options)
  return { words, ...Object.fromEntries(values) }
}

describe("reading a command line", () => {
  it("tells words, values, flags and lists apart, in any order", () => {
    expect(read("users", "--limit", "3", "list", "--json", "--no-active", "--cidr=a", "--cidr", "b")).toEqual({
      words: ["users", "list"],
      limit: "3",
      json: true,
      active: false,
      cidr: ["a", "b"],
    })
  })

  it("keeps a value as it was typed: empty, negative, quoted, with an equals sign, of several lines", () => {
    expect(read("--email", "")).toMatchObject({ email: "" })
    expect(read("--email=")).toMatchObject({ email: "" })
    expect(read("--limit", "-5")).toMatchObject({ limit: "-5" })
    expect(read("--email='a'=b")).toMatchObject({ email: "'a'=b" })
    for (const value of ["'a'", '"a"', '""', "-x", "--json", "a=b\nc", "true", "0x10", " "]) {
      expect(read(`--email=${value}`)).toEqual({ words: [], email: value })
    }
    for (const value of ["'a'", '"a"', "a=b\nc", "true", "0x10", " "]) {
      expect(read("--email", value, "--cidr", value)).toEqual({ words: [], email: value, cidr: [value] })
    }
  })

  it("takes a dash before the value of an option that has a direction", () => {
    expect(read("users", "list", "--sort", "-created_at")).toEqual({ words: ["users", "list"], sort: "-created_at" })
    expect(read("--sort=-created_at", "--json")).toEqual({ words: [], sort: "-created_at", json: true })
    expect(read("--", "--sort", "-created_at")).toEqual({ words: ["--sort", "-created_at"] })
    expect(() => read("--sort", "--json")).toThrow("--sort needs a value; if --json is the value, write --sort=--json")
    expect(() => read("--sort", "-a", "-b")).toThrow("unknown option -b")
    expect(leadingWords(["--sort", "-created_at", "users", "list"], options)).toEqual(["users", "list"])
  })

  it("takes everything after -- for words", () => {
    expect(read("log", "--", "-path:/healthz", "--json")).toEqual({ words: ["log", "-path:/healthz", "--json"] })
    expect(read("log", "--", "--path='a'", "--")).toEqual({ words: ["log", "--path='a'", "--"] })
  })

  it.each([
    [["--limt", "3"], "unknown option --limt; did you mean --limit?"],
    [["--no-activ"], "unknown option --no-activ; did you mean --no-active?"],
    [["--no-json"], "unknown option --no-json"],
    [["--suspend"], /^unknown option --suspend$/],
    [["--constructor"], "unknown option --constructor"],
    [["--apiKey", "x"], "unknown option --apiKey; did you mean --api-key?"],
    [["--email.x", "a"], "unknown option --email.x"],
    [["-path:/x"], "unknown option -p; put -- before an argument that begins with a dash"],
    [["--limit"], "--limit needs a value"],
    [["--email", "--json"], "--email needs a value; if --json is the value, write --email=--json"],
    [["--email", "-5d"], "--email needs a value; if -5d is the value, write --email=-5d"],
    [["--json=yes"], "--json takes no value"],
    [["--active", "false"], "--active takes no value"],
    [["--active=no"], "--active takes no value"],
    [["--limit", "1", "--limit", "2"], "--limit is given twice"],
    [["--active", "--no-active"], "--active is given twice"],
  ])("refuses %j", (argv, message) => {
    expect(() => read(...argv)).toThrow(message)
  })

  it("finds the words of a command behind the program's options and before its own", () => {
    expect(leadingWords(["--limit", "3", "users", "list", "--other", "x"], options)).toEqual(["users", "list"])
  })
})

describe("a suggestion", () => {
  const values = ["active", "suspended"]

  it.each([
    ["actve", values, "; did you mean active?"],
    ["SUSPENDED", values, "; did you mean suspended?"],
    ["lgo", ["log", "repair"], "; did you mean log?"],
  ])("is made for %j", (word, candidates, hint) => {
    expect(didYouMean(word, candidates)).toBe(hint)
  })

  it.each([
    ["banned", values],
    ["bogus", [...values, "failed"]],
    ["suspend", ["stream", "status"]],
    ["foo", ["log"]],
    ["", values],
    ["x", []],
  ])("is not made for %j, which is near to none", (word, candidates) => {
    expect(didYouMean(word, candidates)).toBe("")
  })
})
