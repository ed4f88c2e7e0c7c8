import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { modesFor, WRITTEN } from "../../src/adapters/history/directory.ts"
import { IncidentFiles } from "../../src/adapters/incidents/incident-files.ts"
import type { IncidentLine } from "../../src/domain/incident/incident-line.ts"
import { temporaryDirectory } from "../support/program.ts"

const note = (text: string): IncidentLine => ({
  incident: "kibanu",
  at: "2026-11-28T03:02:10Z",
  by: "alice",
  kind: "note",
  text,
})
const textsOf = async (files: IncidentFiles) =>
  (await files.read()).files.map(({ lines }) => lines.map(line => ("text" in line ? line.text : line.kind)))
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)

/** Writers and readers of a directory that is not there yet. */
function incidents(modes = () => modesFor(undefined)) {
  const directory = join(temporaryDirectory(), "log/incidents/prod")
  const open = () => {
    const files = new IncidentFiles(directory, modes)
    onTestFinished(() => files.close())
    return files
  }
  return { directory, open, names: () => readdirSync(directory).toSorted() }
}

test("each writer appends to a file of its own, its user's alone, and reads what all wrote", async () => {
  const { directory, open, names } = incidents()
  const [one, other] = [open(), open()]
  expect(await one.read()).toEqual({ files: [], skipped: [] })
  await one.append(note("one"))
  await other.append(note("other"))
  await one.append(note("two"))
  expect(names()).toHaveLength(2)
  expect((await textsOf(one)).toSorted()).toEqual([["one", "two"], ["other"]])
  expect(await textsOf(open())).toEqual(await textsOf(one))
  for (const name of names()) {
    expect(name).toMatch(/^[\w-]+\.[\w-]+\.\d+-[0-9a-f]{4}\.ndjson$/)
    expect(modeOf(join(directory, name))).toBe("600")
  }
  for (const made of [directory, join(directory, ".."), join(directory, "../..")]) expect(modeOf(made)).toBe("700")
})

test("with a group, all of what is made is the group's to read and to write, whatever the umask says", async () => {
  const groupId = process.getgid?.() ?? 0
  const { directory, open, names } = incidents(async () => ({ ...WRITTEN, groupId }))
  const umask = process.umask(0o077)
  onTestFinished(() => void process.umask(umask))
  await open().append(note("shared"))
  const [name = ""] = names()
  expect([modeOf(join(directory, "..")), modeOf(directory), modeOf(join(directory, name))]).toEqual([
    "2770",
    "2770",
    "660",
  ])
  expect(statSync(join(directory, name)).gid).toBe(groupId)
})

test("a line that a crash tore, lines of others and files of others are left out, and named", async () => {
  const { directory, open, names } = incidents()
  const writer = open()
  await writer.append(note("whole"))
  await writer.append(note("torn"))
  const [own = ""] = names()
  truncateSync(join(directory, own), statSync(join(directory, own)).size - 20)
  writeFileSync(join(directory, "a.ndjson"), '{"kind":"note"}\n[]\nnot json\n\0\n')
  writeFileSync(join(directory, "notes.txt"), "x")
  mkdirSync(join(directory, "folder.ndjson"))
  const { files, skipped } = await open().read()
  expect(files.flatMap(({ lines }) => lines)).toEqual([note("whole")])
  expect(skipped).toEqual(["a.ndjson (4 of 4 lines)", "folder.ndjson (no file)", `${own} (1 of 2 lines)`, "notes.txt"])
})

test("what was read is read again once its file has grown", async () => {
  const { directory, open, names } = incidents()
  const [writer, reader] = [open(), open()]
  await writer.append(note("one"))
  expect(await textsOf(reader)).toEqual([["one"]])
  appendFileSync(join(directory, names()[0] as string), `${JSON.stringify(note("two"))}\n`)
  expect(await textsOf(reader)).toEqual([["one", "two"]])
  rmSync(join(directory, names()[0] as string))
  expect(await textsOf(reader)).toEqual([])
})

test("no API key, password of a URL or redemption code is written", async () => {
  const { directory, open, names } = incidents()
  await open().append(note("ak-0123456789abcdef at redis://x:hunter2@host, code ABCD-EFGH-JKLM-NPQR\u202e"))
  const written = readFileSync(join(directory, names()[0] as string), "utf8")
  expect(written).toContain("ak-*** at redis://x:***@host, code ***\\u202e")
})

test("where nothing can be written, or the group does not exist, that is said", async () => {
  const { directory, open } = incidents()
  mkdirSync(join(directory, "../.."), { recursive: true })
  writeFileSync(join(directory, ".."), "a file")
  await expect(open().append(note("x"))).rejects.toMatchObject({ code: "unavailable" })
  const other = incidents(() => modesFor("no-such-group", WRITTEN))
  await expect(other.open().append(note("x"))).rejects.toThrow("historyGroup: there is no group no-such-group")
})
