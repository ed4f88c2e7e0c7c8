import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { build } from "esbuild"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { libraryChanges } from "../../scripts/build-plugins.mjs"

interface Library {
  readonly file: string
  readonly source: string
  /** What is in the bundle for it. */
  readonly changed: string
  /** A later version of it, in which there is nothing to change. */
  readonly raised: readonly [file: string, source: string]
  readonly check: string
}

const libraries: Readonly<Record<string, Library>> = {
  "zod-in-english-alone": {
    file: "zod/v4/locales/index.js",
    source: "export default 'all languages'",
    changed: "en.js as it was",
    raised: ["zod/v4/languages/index.js", "export default 'all languages'"],
    check: "v4/locales/index.js",
  },
  "yoga-without-fetch": {
    file: "yoga-layout/yoga-wasm-base64-esm.js",
    source: 'export default w||"function"!=typeof fetch?Promise.resolve().then(decode):fetch(bytes)',
    changed: "true ? Promise.resolve()",
    raised: ["yoga-layout/yoga-wasm-base64-esm.js", "export default globalThis.fetch(bytes)"],
    check: "yoga-wasm-base64-esm.js",
  },
  "ink-draws-rows": {
    file: "ink/build/renderer.js",
    source: 'export { default } from "./output.js"',
    changed: "RowOutput = class extends",
    raised: ["ink/build/renderer.js", 'export { default } from "./frame.js"'],
    check: "terminal/row-output.ts",
  },
  "meow-without-packages": {
    file: "meow/build/dependencies.js",
    source: `var normalizeExports = requireNormalize();
var libExports = requireLib$1();
promisify(execFile);
export default [normalizeExports, libExports]`,
    changed: "libExports = {}",
    raised: ["meow/build/dependencies.js", "export default []"],
    check: "build/dependencies.js of meow",
  },
  "replace-react-devtools-core": {
    file: "ink/build/devtools.js",
    source: 'export { default } from "react-devtools-core"',
    changed: "connectToDevTools()",
    raised: ["ink/build/devtools.js", "export default undefined"],
    check: "build/devtools.js",
  },
  "replace-string-width": {
    file: "ink/build/measure.js",
    source: 'export { default } from "string-width"',
    changed: "function textWidth(",
    raised: ["ink/build/measure.js", "export default text => text.length"],
    check: "domain/text-width.ts",
  },
}

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "opsdeck-build-"))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Bundles what imports `file` as often as there are sources, each a copy of the library; answers the code. */
async function bundle(name: string, file: string, ...sources: readonly string[]): Promise<string> {
  const paths = sources.map((_, copy) => join(root, String(copy), file))
  for (const [copy, path] of paths.entries()) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, sources[copy] as string)
    for (const other of ["en.js", "output.js", "frame.js"]) {
      writeFileSync(join(dirname(path), other), `export default "${other} as it was"`)
    }
  }
  const { outputFiles } = await build({
    stdin: {
      contents: paths.map((path, copy) => `export * as copy${copy} from ${JSON.stringify(path)}`).join("\n"),
      resolveDir: process.cwd(),
    },
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    logLevel: "silent",
    plugins: libraryChanges.filter(plugin => plugin.name === name),
  })
  return outputFiles[0]?.text ?? ""
}

test("every change to a library is tried below", () => {
  expect(libraryChanges.map(({ name }) => name)).toEqual(Object.keys(libraries))
})

describe.each(Object.entries(libraries))("%s", (name, { file, source, changed, raised, check }) => {
  test("changes the library as it is", async () => {
    expect(await bundle(name, file, source)).toContain(changed)
  })

  test("fails the build where a raised library leaves it nothing to change, and says what to check", async () => {
    const failure = await bundle(name, ...raised).catch(error => error.message)
    expect(failure).toContain(`${name} found what it changes 0 times instead of `)
    expect(failure).toMatch(/Check (whether|by which) /)
    expect(failure).toContain(check)
  })
})

const changedOnce = Object.entries(libraries).filter(([name]) => name !== "replace-string-width")
test.each(changedOnce)("%s fails the build where there is more than one to change", async (name, { file, source }) => {
  const failure = await bundle(name, file, source, source).catch(error => error.message)
  expect(failure).toContain(`${name} found what it changes 2 times instead of once`)
})

test("whoever measures text does it our way, however many there are", async () => {
  const { file, source, changed } = libraries["replace-string-width"] as Library
  expect(await bundle("replace-string-width", file, source, source)).toContain(changed)
})
