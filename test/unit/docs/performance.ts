/** What is told of the benches, in plain words, and which row of which section of bench/results.md has the figures. */
const FIGURES: readonly (readonly [what: string, section: string, row: string])[] = [
  [
    "reading 200 000 entries: follow, filter, statistics, movers, ring; beside GoAccess, which reads the same as lines",
    "Reading",
    "the console's worker (beside GoAccess",
  ],
  ["the same beside a bare ioredis `XREAD` loop", "Reading", "the console's worker (beside the bare"],
  ["the same beside its own follower alone", "Reading", "the console's worker (beside followStream"],
  ["a filter over 200 000 requests held, to the rows of a full screen", "Filters over", "`risk>=0.5 dur>500`"],
  ["one that no request passes: all are looked at", "Filters over", "`status:599`"],
  ["the same of addresses", "Filters over", "`ip:192.0.2.0/24`"],
  ["the same of a text without a name", "Filters over", "`nobody-has-this`"],
  ["2 000 entries/s: from `XADD` to the screen, p95", "Live", "2000/s: from XADD to the screen, p95"],
  ["the same, from key to paint, p95", "Live", "2000/s: from key to paint, p95"],
  ["the same, CPU of the console", "Live", "2000/s: CPU of the console, both threads"],
  ["5 000 entries/s: from `XADD` to the screen, p95", "Live", "5000/s: from XADD to the screen, p95"],
  ["the same, from key to paint, p95", "Live", "5000/s: from key to paint, p95"],
  ["the same, CPU of the console", "Live", "5000/s: CPU of the console, both threads"],
  ["10 000 entries/s: from key to paint, p95", "More and more", "10000/s: from key to paint, p95"],
  ["the same, CPU of the console", "More and more", "10000/s: CPU of the console"],
  ["bursts of 20 000 entries/s for 5 s: counted", "Bursts", "requests counted"],
  ["the same, lost", "Bursts", "losses told"],
  ["following 10 entries/s, written to the terminal; beside `tail -f` of the same lines", "Following", "the log alone"],
  ["the same with the movers beside the log", "Following", "with the movers"],
  ["start, something useful on the screen; beside `node -e 0`", "Starting", "console, something useful"],
  ["start, the first full frame; beside a bundled Ink hello", "Starting", "console, first full frame"],
  ["start, the first rows of the log; beside the same", "Starting", "console, first rows"],
  ["`opsdeck log --limit 1`; beside `node -e 0`", "Starting", "opsdeck log --limit 1"],
  ["at load 8: start, something useful; beside `node -e 0`", "Starting", "console, something useful, at load"],
  ["at load 8: the first full frame; beside the Ink hello", "Starting", "console, first full frame, at load"],
  ["recording 5 000 entries/s for 5 minutes: CPU", "Recording", "5 000/s for 5 minutes"],
  ["the same with a burst of 20 000/s: memory", "Recording", "with a burst"],
  ["an entry kept; beside `gzip -6`", "Recording", "an entry kept"],
  [
    "a day's histogram of 20 000 000 entries in 7 days; beside `zgrep -c`, how many times as fast",
    "20 000 000",
    "a day's histogram",
  ],
  ["top 20 addresses of a day; beside the same", "20 000 000", "top 20 addresses"],
  ["a page that matches nothing in 7 days; beside the same", "20 000 000", "a page that matches nothing"],
  ["from the key to the rows of a moment days ago", "20 000 000", "console: from the key to the rows"],
  ["resident after 500 000 entries of a million addresses", "Memory", "resident after 500 000"],
  ["resident after 5 000 000 of them; beside that", "Memory", "resident after 5 000 000"],
  ["a tree of 10 000 referrals opened; beside the bare recursive query", "Trees", "as they grow"],
  ["100 000 redemption codes in one transaction; beside `COPY`", "100 000 redemption codes", "100 000 codes made"],
  ["1 000 000 codes, the first page; beside 3 `SELECT 1` and 5 ms", "100 000 redemption codes", "first page of codes"],
  ["1 000 000 codes, page 1 000; beside the first page", "100 000 redemption codes", "page 1000 of codes"],
  ["1 000 000 users, the first page; beside 3 `SELECT 1` and 5 ms", "1 000 000 users", "migrate's indexes: first page"],
  ["the same without an index on the time", "1 000 000 users", "platform's indexes: first page"],
  ["1 000 000 users, page 1 000; beside the first page", "1 000 000 users", "migrate's indexes: page 1000"],
  [
    "search by three letters, frequent, with trigram indexes",
    "1 000 000 users",
    "migrate's indexes: search by three letters, frequent",
  ],
  ["the same without trigram indexes", "1 000 000 users", "platform's indexes: search by three letters, frequent"],
  [
    "a refresh of the dashboard; beside the plain counts and sums",
    "1 000 000 users",
    "migrate's indexes: a dashboard refresh",
  ],
]

/** The figures that are told, as a table. */
export function figureTable(results: string): string {
  const sections = results.split(/^## /m).slice(1)
  const lines = FIGURES.map(([what, section, row]) => {
    const found = sections.find(text => text.startsWith(section))
    const cells = found === undefined ? undefined : cellsOf(found, row)
    if (cells === undefined) throw new Error(`bench/results.md has no row "${row}" in a section "${section}"`)
    const { measured = "", reference = "", ratio = "", target = "", "": met = "" } = cells
    const meant = met === "NOT MET" ? `${target}, **not met**` : target
    return `| ${what} | ${measured} | ${reference} | ${ratio} | ${meant} |`
  })
  return `${["| what | measured | beside | ratio | meant to be |", "|---|---:|---:|---:|---|", ...lines].join("\n")}\n`
}

/** What is told of the benches whose figures depend on a number: the section of bench/results.md, and what the number is of. */
const CURVES: readonly (readonly [section: string, of: string])[] = [
  ["More and more entries", "entries"],
  ["Consoles open at once", "open"],
  ["Lists as tables grow", "each table has"],
]

/** The figures that depend on a number, a table a section: a line a number, a column a figure. */
export function curveTables(results: string): string {
  const sections = results.split(/^## /m).slice(1)
  return CURVES.map(([section, of]) => {
    const found = sections.find(text => text.startsWith(section))
    if (found === undefined) throw new Error(`bench/results.md has no section "${section}"`)
    const lines = new Map<string, string[]>()
    const columns = new Set<string>()
    for (const [label = "", measured = ""] of rowsOf(found).slice(2)) {
      const [number = "", figure = ""] = label.split(/: (.*)/)
      columns.add(figure)
      lines.set(number, [...(lines.get(number) ?? []), measured])
    }
    const table = [
      [of, ...columns],
      [of, ...columns].map((_, i) => (i === 0 ? "---" : "---:")),
      ...[...lines].map(line => line.flat()),
    ]
    return `${found.split("\n")[0]}:\n\n${table.map(cells => `| ${cells.join(" | ")} |`).join("\n")}\n`
  }).join("\n")
}

const rowsOf = (section: string) =>
  section
    .split("\n")
    .filter(line => line.startsWith("|"))
    .map(line =>
      line
        .split("|")
        .slice(1, -1)
        .map(cell => cell.trim()),
    )

/** The cells of the row that begins with `row`, by the names of their columns; the first and the last have none. */
function cellsOf(section: string, row: string): Readonly<Record<string, string>> | undefined {
  const [head = [], , ...body] = rowsOf(section)
  const found = body.find(([label = ""]) => label.startsWith(row))
  return found && Object.fromEntries(head.map((name, at) => [name, found[at] as string]))
}
