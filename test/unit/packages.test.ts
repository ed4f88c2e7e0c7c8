import { execFileSync } from "node:child_process"
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { describe, expect, test } from "vitest"
import { makeDeb, makeTarball } from "../../scripts/package/archives.mjs"
import { layOut } from "../../scripts/package/layout.mjs"
import { PLATFORMS } from "../../scripts/package/platforms.mjs"
import { installedProgram } from "../support/installed-program.ts"
import { temporaryDirectory } from "../support/program.ts"

const TIME = 1_700_000_000

const json = (path: string) => JSON.parse(readFileSync(path, "utf8"))

/** What a package is made of, with programs that say what they are asked. */
const PARTS: Readonly<Record<string, string>> = {
  "package/package.json": "{}",
  "package/bin/opsdeck.js": "console.log(...process.argv.slice(2))",
  "package/dist/main.js": "",
  "package/dist/opsdeck.1": ".TH OPSDECK 1",
  "package/dist/LICENCES.txt": "react 19 (MIT)\n",
  "package/docs/keys.md": "",
  ...{ "package/README.md": "", "package/CHANGELOG.md": "", "package/CONTRIBUTING.md": "", "package/SECURITY.md": "" },
  "package/LICENSE": "opsdeck (MIT)\n",
  "node_modules/.package-lock.json": "{}",
  "node_modules/node-of-tests/package.json": '{"name":"node-of-tests","version":"24.0.0","license":"MIT"}',
  "node_modules/node-of-tests/LICENSE": "Node's words",
  "node_modules/node-of-tests/bin/node": '#!/bin/sh\nbasename "$1"; echo "$2"\n',
  "node_modules/node-of-tests/include/node.h": "",
  "node_modules/@engine/api/package.json": '{"name":"@engine/api","version":"1.0.0","license":"MIT"}',
  "node_modules/@engine/api/lib/index.js": "",
  "node_modules/@engine/api/lib/index.d.ts": "",
}

/** Lays out an installation of `PARTS` in a directory of its own, all of whose files are of `mtime`. */
function installation(mtime: number, umask = 0o022): string {
  const directory = temporaryDirectory()
  for (const [path, text] of Object.entries(PARTS)) {
    mkdirSync(join(directory, dirname(path)), { recursive: true })
    writeFileSync(join(directory, path), text, { mode: 0o666 & ~umask })
  }
  chmodSync(join(directory, "node_modules/node-of-tests/bin/node"), 0o777 & ~umask)
  const tree = join(directory, "a tree")
  const parts = { program: join(directory, "package"), modules: join(directory, "node_modules"), node: "node-of-tests" }
  layOut(tree, parts)
  for (const path of filesIn(tree)) utimesSync(join(tree, path), mtime, mtime)
  return tree
}

const filesIn = (tree: string) =>
  readdirSync(tree, { recursive: true, encoding: "utf8" })
    .filter(path => statSync(join(tree, path)).isFile())
    .sort()

test("what packages carry is what the tests run on; npm has no such Node for macOS", () => {
  const { dependencies, optionalDependencies } = json("packaging/runtime/package.json")
  const { devDependencies } = json("package.json")
  for (const name of Object.keys(dependencies)) expect(dependencies[name]).toBe(devDependencies[name])
  expect(Object.keys(optionalDependencies).sort()).toEqual(PLATFORMS.map(({ node }) => node).sort())
  for (const { name, node } of PLATFORMS) {
    if (name.startsWith("linux")) expect(optionalDependencies[node]).toBe(devDependencies.node)
  }

  const carried = json("packaging/runtime/package-lock.json").packages
  const tested = json("package-lock.json").packages
  for (const [name, one] of Object.entries<{ integrity?: string }>(carried).filter(([path]) => path !== "")) {
    expect(one.integrity).toMatch(/^sha512-/)
    if (name in tested) expect(one.integrity).toBe(tested[name].integrity)
  }
})

describe.runIf(process.platform === "linux")("a package", () => {
  test("has everything where it belongs, and the licences of all that is in it", () => {
    const tree = installation(1)
    expect(filesIn(tree)).toEqual([
      "bin/opsdeck",
      "lib/opsdeck/bin/opsdeck.js",
      "lib/opsdeck/dist/main.js",
      "lib/opsdeck/node",
      "lib/opsdeck/node_modules/@engine/api/lib/index.js",
      "lib/opsdeck/node_modules/@engine/api/package.json",
      "lib/opsdeck/package.json",
      "lib/systemd/system/opsdeck-recorder.service",
      "lib/sysusers.d/opsdeck.conf",
      "share/bash-completion/completions/opsdeck",
      "share/doc/opsdeck/CHANGELOG.md",
      "share/doc/opsdeck/CONTRIBUTING.md",
      "share/doc/opsdeck/README.md",
      "share/doc/opsdeck/SECURITY.md",
      "share/doc/opsdeck/copyright",
      "share/doc/opsdeck/docs/keys.md",
      "share/fish/vendor_completions.d/opsdeck.fish",
      "share/man/man1/opsdeck.1",
      "share/zsh/site-functions/_opsdeck",
    ])
    const licences = readFileSync(join(tree, "share/doc/opsdeck/copyright"), "utf8")
    for (const words of ["opsdeck (MIT)", "react 19", "@engine/api 1.0.0", "Node's words"]) {
      expect(licences).toContain(words)
    }
    const zsh = readFileSync(join(tree, "share/zsh/site-functions/_opsdeck"), "utf8")
    expect(zsh).toBe("completion zsh\n")
  })

  test("runs on its own Node from anywhere, also through links to it", () => {
    const tree = installation(1)
    const elsewhere = temporaryDirectory()
    symlinkSync(join(tree, "bin/opsdeck"), join(elsewhere, "linked"))
    symlinkSync("linked", join(elsewhere, "opsdeck"))
    for (const file of [join(tree, "bin/opsdeck"), join(elsewhere, "opsdeck")]) {
      const answer = execFileSync(file, ["a filter"], { encoding: "utf8", env: { PATH: "/usr/bin:/bin" }, cwd: "/" })
      expect(answer).toBe("opsdeck.js\na filter\n")
    }
  })

  test("is the same, byte for byte, whenever and by whomever it is made", () => {
    const [one = "", other = ""] = [installation(1_000), installation(2_000_000_000, 0o077)].map(tree => {
      makeTarball(tree, `${tree}.tar.gz`, TIME)
      return `${tree}.tar.gz`
    })
    expect(readFileSync(other).equals(readFileSync(one))).toBe(true)
    // Made a second later, on another file system, it would differ by these: flags and time of gzip, the order of names.
    expect(readFileSync(one).subarray(3, 8).equals(Buffer.alloc(5))).toBe(true)
    const documents = execFileSync("tar", ["-tzf", one], { encoding: "utf8" }).match(
      /share\/doc\/opsdeck\/[A-Za-z.]+$/gm,
    )
    expect(documents).toHaveLength(5)
    expect(documents).toEqual(documents?.toSorted())
  })

  test.runIf(installedProgram("dpkg-deb"))(
    "for Debian is below /usr, asks for what Node needs, is the same, too",
    () => {
      const facts = { version: "1.2.3", architecture: "arm64", time: TIME }
      const [one = "", other = ""] = [installation(1_800_000_000), installation(2_000_000_000, 0o077)].map(tree => {
        makeDeb(tree, `${tree}.made`, facts)
        return `${tree}.made`
      })
      expect(readFileSync(other).equals(readFileSync(one))).toBe(true)
      expect(readFileSync(one, "latin1")).toContain(`debian-binary   ${TIME} `)
      const dpkg = (...args: string[]) => execFileSync("dpkg-deb", args, { encoding: "utf8" })
      expect(dpkg("--field", one, "Version", "Architecture", "Depends")).toBe(
        "Version: 1.2.3\nArchitecture: arm64\nDepends: libc6 (>= 2.28), libgcc-s1, libstdc++6\n",
      )
      const contents = dpkg("--contents", one)
      expect(contents).toMatch(/-rwxr-xr-x root\/root .* \.\/usr\/bin\/opsdeck\n/)
      for (const path of ["share/man/man1/opsdeck.1.gz", "share/zsh/vendor-completions/_opsdeck", "lib/opsdeck/node"]) {
        expect(contents).toContain(` ./usr/${path}\n`)
      }
      expect(contents).not.toContain("site-functions")
    },
  )
})
