// What the build changes in the libraries that it bundles. Whoever raises one of them finds in `check` what to look at.
import { readFile } from "node:fs/promises"
import { resolve } from "node:path"

const once = { wanted: "once", suffices: found => found === 1 }
/** For a package that several others import. */
const atLeastOnce = { wanted: "at least once", suffices: found => found > 0 }

/**
 * A plugin of esbuild that changes a library. `change` registers it and calls its second argument with how often it met what
 * it changes. Any other number of times than `expected` fails the build: the program would work without it, only slower.
 */
function libraryChange(name, expected, check, change) {
  const setup = build => {
    let found = 0
    change(build, times => {
      found += times
    })
    build.onEnd(() => {
      if (expected.suffices(found)) return undefined
      const times = found === 1 ? "once" : `${found} times`
      const text = `${name} found what it changes ${times} instead of ${expected.wanted}. Check ${check}`
      return { errors: [{ text }] }
    })
  }
  return { name, setup }
}

/** How yoga-layout decides between decoding its bytes and fetching them. */
const ASKS_FOR_FETCH = '"function"!=typeof fetch?Promise.resolve()'

/** Has every import of the package `from` import `file` of ours. */
const replacePackage = (from, file, expected, check) =>
  libraryChange(`replace-${from}`, expected, check, ({ onResolve }, count) =>
    onResolve({ filter: new RegExp(`^${from}$`) }, () => {
      count(1)
      return { path: resolve(file) }
    }),
  )

/**
 * What meow prepares for looking for a package.json and checking it, whenever it is loaded, and what stands there instead.
 * opsdeck hands it a package, so that this is never used; it takes longer than all the rest of meow.
 */
const PREPARED_BY_MEOW = [
  ["var normalizeExports = requireNormalize();", "var normalizeExports = {};"],
  ["var libExports = requireLib$1();", "var libExports = {};"],
  ["\npromisify(execFile);\n", "\n"],
]

/** The changes to libraries, as plugins of esbuild; paths are relative to the root of the project. */
export const libraryChanges = [
  // zod brings its messages in fifty languages, more than half of its code; ours are written in the schemas.
  libraryChange(
    "zod-in-english-alone",
    once,
    "whether zod still collects its languages in v4/locales/index.js.",
    ({ onLoad }, count) =>
      onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => {
        count(1)
        return { contents: 'export { default as en } from "./en.js"' }
      }),
  ),
  // Ink's layout engine would fetch() the bytes that it carries, and with that load an HTTP client: 30 ms of the first frame.
  libraryChange(
    "yoga-without-fetch",
    once,
    `whether yoga-wasm-base64-esm.js of yoga-layout still asks ${ASKS_FOR_FETCH} before it fetches its own bytes.`,
    ({ onLoad }, count) =>
      onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => {
        const parts = (await readFile(path, "utf8")).split(ASKS_FOR_FETCH)
        count(parts.length - 1)
        return { contents: parts.join("true?Promise.resolve()") }
      }),
  ),
  // Ink puts its frames together in cells; ours are rows.
  libraryChange(
    "ink-draws-rows",
    once,
    "whether build/renderer.js of Ink still imports ./output.js, and whether terminal/row-output.ts still overrides all of it.",
    ({ onResolve }, count) =>
      onResolve({ filter: /^\.\/output\.js$/ }, ({ importer }) => {
        if (!/ink\/build\/renderer\.js$/.test(importer)) return undefined
        count(1)
        return { path: resolve("src/ui/terminal/row-output.ts") }
      }),
  ),
  libraryChange(
    "meow-without-packages",
    once,
    "whether build/dependencies.js of meow still prepares all of PREPARED_BY_MEOW, once each, when it is loaded.",
    ({ onLoad }, count) =>
      onLoad({ filter: /meow\/build\/dependencies\.js$/ }, async ({ path }) => {
        const contents = await readFile(path, "utf8")
        if (PREPARED_BY_MEOW.every(([preparation]) => contents.split(preparation).length === 2)) count(1)
        return { contents: PREPARED_BY_MEOW.reduce((text, [from, to]) => text.replace(from, () => to), contents) }
      }),
  ),
  replacePackage(
    "react-devtools-core",
    "scripts/no-devtools.mjs",
    once,
    "whether Ink still loads react-devtools-core in build/devtools.js, and how it is kept from the bundle otherwise.",
  ),
  replacePackage(
    "string-width",
    "src/domain/text-width.ts",
    atLeastOnce,
    "by which package Ink measures text now, and whether domain/text-width.ts can take its place.",
  ),
]
