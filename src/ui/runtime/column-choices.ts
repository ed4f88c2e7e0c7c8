import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { ValueStore } from "../../domain/store.ts"

/** Columns of a screen as an operator wants them, by their titles: all in their order, and those that are hidden. */
export interface ColumnChoice {
  readonly order: readonly string[]
  readonly hidden: readonly string[]
}

type Choices = ReadonlyMap<string, ColumnChoice>

const MOST_BYTES = 64 * 1024
const MOST_TITLES = 64

/**
 * Chosen columns by screen, kept in the file at `path`, which all consoles share: the last choice of a screen stands.
 * Without a writable file they last as long as the console.
 */
export class ColumnChoices {
  readonly states: ValueStore<Choices>
  private readonly path: string | undefined

  constructor(path?: string) {
    this.path = path
    this.states = new ValueStore(read(path))
  }

  /** Keeps the choice for `screen`; undefined returns to the declared columns. */
  set(screen: string, choice: ColumnChoice | undefined): void {
    this.states.set(changed(this.states.snapshot, screen, choice))
    try {
      // Another console may have chosen the columns of other screens since.
      if (this.path !== undefined) write(this.path, changed(read(this.path), screen, choice))
    } catch (error) {
      console.error("columns:", error)
    }
  }
}

function changed(choices: Choices, screen: string, choice: ColumnChoice | undefined): Choices {
  const next = new Map(choices)
  if (choice === undefined) next.delete(screen)
  else next.set(screen, choice)
  return next
}

/** Replaces the file as a whole, so that nobody reads half of it. */
function write(path: string, choices: Choices): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const next = `${path}.${process.pid}`
  rmSync(next, { force: true })
  writeFileSync(next, `${JSON.stringify(Object.fromEntries(choices))}\n`, { mode: 0o600, flag: "wx" })
  renameSync(next, path)
}

/** Reads the file; what is no choice in it is skipped. */
function read(path: string | undefined): Choices {
  if (path === undefined) return new Map()
  try {
    const file = openSync(path, "r")
    try {
      if (fstatSync(file).size > MOST_BYTES) return new Map()
      const entries = Object.entries(JSON.parse(readFileSync(file, "utf8")) as object)
      return new Map(entries.flatMap(([screen, value]) => (isChoice(value) ? [[screen, value]] : [])))
    } finally {
      closeSync(file)
    }
  } catch {
    return new Map()
  }
}

const isChoice = (value: unknown): value is ColumnChoice =>
  typeof value === "object" && value !== null && areTitles(value, "order") && areTitles(value, "hidden")

function areTitles(value: object, member: keyof ColumnChoice): boolean {
  const titles: unknown = (value as Partial<ColumnChoice>)[member]
  return Array.isArray(titles) && titles.length <= MOST_TITLES && titles.every(title => typeof title === "string")
}
