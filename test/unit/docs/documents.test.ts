import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { describe, expect, test } from "vitest"
import { logTable, RECORDERS_TABLE } from "../../../src/adapters/history/clickhouse/schema.ts"
import { fieldsOf, optionsFor } from "../../../src/cli/command-options.ts"
import { termRows } from "../../../src/cli/help.ts"
import { inputFrom } from "../../../src/cli/options.ts"
import { commandsUnder, findCommand } from "../../../src/cli/words.ts"
import { readCommandLine } from "../../../src/config/read-command-line.ts"
import { PROGRAM_OPTIONS, SETTINGS, type Setting } from "../../../src/config/settings.ts"
import { TERM_KINDS } from "../../../src/domain/access-log-terms.ts"
import { METRICS, parseAlertRule } from "../../../src/domain/alerts/alert-rule.ts"
import { DIMENSION_KEYS } from "../../../src/domain/movers/dimension-keys.ts"
import { commandSections, commonOptions, exitStatuses } from "./commands.ts"
import { EXAMPLES } from "./examples.ts"
import { keyTables } from "./keys.ts"
import { curveTables, figureTable } from "./performance.ts"

const root = resolve(import.meta.dirname, "../../..")
const read = (path: string) => readFileSync(join(root, path), "utf8")

const termTable = () =>
  [
    "| term | matches |",
    "|---|---|",
    ...TERM_KINDS.map(({ example, help }) => `| \`${example}\` | ${help} |`),
    "",
  ].join("\n")

/** The lists and the terms of their filters, without `since`, which all have. */
const listTermTable = async () => {
  const commands = (await commandsUnder([])).filter(({ words }) => words[1] === "list")
  const rows = commands.flatMap(command =>
    termRows(command).map(
      ([example, help], index) => `| ${index === 0 ? command.words[0] : ""} | \`${example}\` | ${help} |`,
    ),
  )
  return ["| list | term | rows |", "|---|---|---|", ...rows, ""].join("\n")
}

/** The document at `path` as it is to be: what stands between `<!-- name -->` and its end is made anew. */
function withBlocks(path: string, blocks: Readonly<Record<string, string>>): string {
  return Object.entries(blocks).reduce((text, [name, content]) => {
    const block = new RegExp(`(?<=<!-- ${name} -->\n)[\\s\\S]*(?=<!-- /${name} -->)`)
    if (!block.test(text)) throw new Error(`${path} has no place for ${name}`)
    return text.replace(block, () => `\n${content}\n`)
  }, read(path))
}

describe("what is made from the program is up to date (npm run docs makes it)", () => {
  const isUpToDate = (path: string, blocks: Readonly<Record<string, string>>) =>
    expect(withBlocks(path, blocks)).toMatchFileSnapshot(join(root, path))

  test("the keys", () => isUpToDate("docs/keys.md", { keys: keyTables() }))

  test("the commands", async () =>
    isUpToDate("docs/commands.md", {
      statuses: exitStatuses(),
      options: commonOptions(),
      commands: await commandSections(),
    }))

  test("the terms of filters", async () =>
    isUpToDate("docs/filters-and-alerts.md", { terms: termTable(), "list-terms": await listTermTable() }))

  test("the tables of a history in ClickHouse", () =>
    isUpToDate("docs/history.md", {
      schema: ["```sql", `${logTable()};`, "", `${RECORDERS_TABLE};`, "```", ""].join("\n"),
    }))

  test("the figures of the benches", () =>
    isUpToDate("docs/performance.md", {
      figures: figureTable(read("bench/results.md")),
      curves: curveTables(read("bench/results.md")),
    }))
})

describe("the examples of the commands", () => {
  test("are there for every command, and for no other", async () => {
    const names = (await commandsUnder([])).map(({ words }) => words.join(" "))
    expect(Object.keys(EXAMPLES).sort()).toEqual(names.sort())
  })

  const lines = Object.entries(EXAMPLES).flatMap(([name, examples]) => examples.map(([line]) => [name, line] as const))
  test.each(lines)("%s: %s", async (name, line) => {
    const argv = argumentsOf(line)
    const command = await findCommand(argv)
    expect(command.words.join(" ")).toBe(name)
    const fields = fieldsOf(command, argv.includes("--follow"))
    const read = readCommandLine(argv, { ...PROGRAM_OPTIONS, ...optionsFor(command, fields) })
    const input = inputFrom({ ...read, words: read.words.slice(command.words.length) }, fields, {
      OPSDECK_SMTP_PASS: "",
    })
    const declared = (argv.includes("--follow") ? command.feed : (command.operation ?? command.feed)) ?? command.program
    expect(declared?.input.safeParse(input).error?.issues ?? []).toEqual([])
  })

  /** What a shell makes of it, with an id in the place of `ID`. */
  function argumentsOf(line: string): string[] {
    const words = line.match(/'[^']*'|"[^"]*"|[^\s'"]+/g) ?? []
    const argv = words.slice(words.findIndex(word => word.endsWith("opsdeck")) + 1)
    const end = argv.indexOf(">")
    return argv
      .slice(0, end < 0 ? undefined : end)
      .map(word => word.replace(/\)$/, "").replace(/^(['"])(.*)\1$/, "$2"))
      .map(word => (word === "ID" ? "0b1c2d3e-0000-4000-8000-000000000000" : word))
  }
})

/** The first column of the tables below `heading`: what stands there as code. */
function codesBelow(path: string, heading: string): string[] {
  const section = new RegExp(`\n## ${heading}\n([\\s\\S]*?)(?=\n## |$)`).exec(read(path))?.[1] ?? ""
  const cells = section
    .split("\n")
    .filter(line => line.startsWith("|"))
    .map(line => line.split("|")[1] ?? "")
  return cells.flatMap(cell => Array.from(cell.matchAll(/`([^`]+)`/g), ([, code = ""]) => code))
}

describe("docs/filters-and-alerts.md", () => {
  const path = "docs/filters-and-alerts.md"

  test("names every dimension of alert rules", () => {
    const [, named = ""] = /\bThe brackets may hold ([\s\S]*?)\.\n/.exec(read(path)) ?? []
    expect(Array.from(named.matchAll(/`(\w+)`/g), ([, key]) => key)).toEqual(DIMENSION_KEYS)
  })

  test("has every measure of alert rules, and its rules are rules", () => {
    const metrics = codesBelow(path, "Alerts").map(rule => parseAlertRule(rule).metric)
    expect(metrics).toEqual([
      "error%",
      "4xx%",
      "rate",
      "p95",
      "p95",
      "rate",
      "error%",
      "queue age",
      "workers",
      "record lag",
    ])
    expect([...new Set(metrics)].sort()).toEqual(Object.keys(METRICS).sort())
  })

  test("has keys that there are", () => {
    const keys = ["Log", "Entry"].flatMap(screen => codesBelow("docs/keys.md", screen))
    expect(codesBelow(path, "Times").filter(key => !keys.includes(key))).toEqual([])
  })
})

test("docs/configuration.md has every setting, each with its option and its variables", () => {
  const rows = read("docs/configuration.md")
    .split("\n")
    .filter(line => line.startsWith("| `"))
  const settings = Object.entries(SETTINGS) as [string, Setting][]
  const missing = settings.filter(([name, { option, variables = [] }]) => {
    const cells = [name, ...(option ? [`--${option}`] : []), ...variables]
    return !rows.some(row => row.startsWith(`| \`${name}\` |`) && cells.every(cell => row.includes(`\`${cell}\``)))
  })
  expect(missing.map(([name]) => name)).toEqual([])
})

test("docs/under-fire.md quotes the report of the faults, in which all passed", () => {
  const report = read("test/faults/report.md")
  const [, scenarios, duration] = /Sizes: full\. (\d+) of \1 scenarios passed, in (\d+ min)/.exec(report) ?? []
  expect(scenarios).toBeDefined()
  const figures = Array.from(
    read("docs/under-fire.md").matchAll(/\*\*([^*]*\d[^*]*)\*\*/g),
    ([, figure = ""]) => figure,
  )
  expect(figures.length).toBeGreaterThan(20)
  const cells = [...report.split(/[|\n]/).map(cell => cell.trim()), scenarios, duration]
  expect(figures.filter(figure => !cells.includes(figure))).toEqual([])
})

describe("the README", () => {
  test("is read in a few minutes", () => {
    expect(Buffer.byteLength(read("README.md"))).toBeLessThanOrEqual(12_000)
  })

  test("has keys that there are in its first quarter of an hour", () => {
    const keys = Array.from(read("docs/keys.md").matchAll(/^\| (`.*`) \|/gm), ([, cell = ""]) => cell.split(" ")).flat()
    const pressed = codesBelow("README.md", "The first quarter of an hour").filter(
      code => !/[a-z]{2} |^[:/]./.test(code),
    )
    expect(pressed.length).toBeGreaterThan(8)
    expect(pressed.filter(key => !keys.includes(`\`${key}\``))).toEqual([])
  })
})

describe("links", () => {
  const documents = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md"]
  const all = [
    ...documents,
    ...readdirSync(join(root, "docs"))
      .filter(name => name.endsWith(".md"))
      .map(name => `docs/${name}`),
  ]

  /** A heading as GitHub names it in an address. */
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-")
  const anchorsIn = (path: string) =>
    Array.from(readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm), ([, text = ""]) => anchorOf(text))

  test.each(all)("of %s lead somewhere", path => {
    const links = Array.from(read(path).matchAll(/\]\(([^)\s]+)\)/g), ([, link = ""]) => link)
    const broken = links.filter(link => {
      if (/^https?:/.test(link)) return false
      const [file = "", anchor] = link.split("#")
      const target = file === "" ? join(root, path) : join(root, dirname(path), file)
      return !existsSync(target) || (anchor !== undefined && !anchorsIn(target).includes(anchor))
    })
    expect(broken).toEqual([])
  })
})
