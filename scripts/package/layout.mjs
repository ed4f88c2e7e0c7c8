// Where everything belongs, below /usr, /usr/local or a directory of its own.
import { execFileSync } from "node:child_process"
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { licencesOf } from "../licences.mjs"

const HOME = "lib/opsdeck"
const DOCUMENTS = "share/doc/opsdeck"
/** Of the program's own package: what is read while it runs, and what is read by people. */
const PROGRAM = ["bin", "dist", "package.json"]
const TEXTS = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs"]
/** In the program's package, and elsewhere here. */
const MANUAL = "dist/opsdeck.1"
const BUNDLED_LICENCES = "dist/LICENCES.txt"

/** Where shells look for completions. */
const COMPLETIONS = {
  bash: "share/bash-completion/completions/opsdeck",
  zsh: "share/zsh/site-functions/_opsdeck",
  fish: "share/fish/vendor_completions.d/opsdeck.fish",
}

/** Files that no program reads: types, source maps, documents of packages. */
const UNREAD = /\.(ts|map|md)$/

/**
 * Fills `tree` with an installation.
 * @param {string} tree a directory
 * @param {{ program: string, modules: string, node: string }} parts the unpacked package of the program, the packages it runs
 *   on, and which of them is Node
 */
export function layOut(tree, { program, modules, node }) {
  const put = (from, to, filter = () => true) => {
    mkdirSync(dirname(join(tree, to)), { recursive: true })
    cpSync(from, join(tree, to), { recursive: true, filter })
  }
  const elsewhere = [MANUAL, BUNDLED_LICENCES].map(name => join(program, name))
  for (const name of PROGRAM) put(join(program, name), join(HOME, name), from => !elsewhere.includes(from))
  const packages = packagesIn(modules)
  put(join(modules, node, "bin/node"), join(HOME, "node"))
  for (const name of packages.filter(one => one !== node)) {
    const from = join(modules, name)
    put(from, join(HOME, "node_modules", name), path => !UNREAD.test(path) && path !== join(from, "skills"))
  }

  put("packaging/opsdeck", "bin/opsdeck")
  chmodSync(join(tree, "bin/opsdeck"), 0o755)
  put("packaging/opsdeck-recorder.service", "lib/systemd/system/opsdeck-recorder.service")
  put("packaging/opsdeck.sysusers", "lib/sysusers.d/opsdeck.conf")
  put(join(program, MANUAL), "share/man/man1/opsdeck.1")
  for (const [shell, path] of Object.entries(COMPLETIONS)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), completion(program, shell))
  }
  for (const name of TEXTS) put(join(program, name), join(DOCUMENTS, name))
  const licences = [
    readFileSync(join(program, "LICENSE"), "utf8"),
    readFileSync(join(program, BUNDLED_LICENCES), "utf8"),
    licencesOf(packages.map(name => join(modules, name, "package.json"))),
  ]
  writeFileSync(join(tree, DOCUMENTS, "copyright"), licences.join("\n"))
  execFileSync("chmod", ["-R", "u=rwX,go=rX", tree])
}

/** Names of the packages in a node_modules. */
function packagesIn(modules) {
  return readdirSync(modules, { recursive: true })
    .filter(path => /^(@[^/]+\/)?[^/@]+$/.test(path) && existsSync(join(modules, path, "package.json")))
    .sort()
}

const completion = (program, shell) =>
  execFileSync(process.execPath, [join(program, "bin/opsdeck.js"), "completion", shell])
