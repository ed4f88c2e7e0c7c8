// meow comes in one file with what looks for a package.json and checks it. opsdeck hands it a package, so that this is never
// called; but the file prepares it whenever it is loaded, which takes longer than all the rest of meow.
import { readFile } from "node:fs/promises"

/** What is prepared: the checks, the colours of their messages, and the starting of git. */
const PREPARATIONS = [
  ["var normalizeExports = requireNormalize();", "var normalizeExports = {};"],
  ["var libExports = requireLib$1();", "var libExports = {};"],
  ["\npromisify(execFile);\n", "\n"],
]

/** Leaves the preparations out, as a plugin of esbuild. Fails the build where it does not find each of them once. */
export const meowAlone = {
  name: "meow-alone",
  setup: ({ onLoad, onEnd }) => {
    let found = 0
    onLoad({ filter: /meow\/build\/dependencies\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8")
      for (const [preparation, instead] of PREPARATIONS) {
        const [before, after, ...more] = contents.split(preparation)
        if (after === undefined || more.length > 0) return undefined
        contents = before + instead + after
        found += 1
      }
      return { contents }
    })
    onEnd(() => {
      if (found === PREPARATIONS.length) return undefined
      const text =
        "meow-alone did not find once each what meow/build/dependencies.js prepares when it is loaded: look there"
      return { errors: [{ text }] }
    })
  },
}
