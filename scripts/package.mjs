// Makes what is published of a version, in release/: the package for npm, and for each platform one that brings its Node along, as a
// tarball and for Debian; with their checksums: npm run package [-- PLATFORM...]. Needs GNU tar and dpkg-deb, as Debian has them.
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { makeDeb, makeTarball } from "./package/archives.mjs"
import { layOut } from "./package/layout.mjs"
import { PLATFORMS } from "./package/platforms.mjs"
import { installRuntime } from "./package/runtime.mjs"

process.chdir(resolve(import.meta.dirname, ".."))
const { version } = JSON.parse(readFileSync("package.json", "utf8"))
const release = resolve("release")
const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !PLATFORMS.some(platform => platform.name === name))
if (unknown.length > 0) {
  process.stderr.write(`no platform is called ${unknown.join(", ")}: ${PLATFORMS.map(({ name }) => name).join(", ")}\n`)
  process.exit(2)
}
/** The time of all files: of the commit, unless the environment says another, as reproducible-builds.org has it. */
const time = Number(process.env.SOURCE_DATE_EPOCH ?? read("git", "log", "-1", "--format=%ct"))

rmSync(release, { recursive: true, force: true })
mkdirSync(release)
const work = mkdtempSync(join(tmpdir(), "opsdeck-package-"))
try {
  const packed = read("npm", "pack", "--silent", "--pack-destination", work)
  execFileSync("tar", ["-xzf", join(work, packed), "-C", work])
  const program = join(work, "package")
  // npm keeps the modes that files have in this clone.
  execFileSync("chmod", ["-R", "u=rwX,go=rX", program])
  makeTarball(program, join(release, packed), time)
  for (const platform of PLATFORMS) if (wanted.length === 0 || wanted.includes(platform.name)) make(platform, program)
} finally {
  rmSync(work, { recursive: true, force: true })
}
const sum = file =>
  createHash("sha256")
    .update(readFileSync(join(release, file)))
    .digest("hex")
const files = readdirSync(release).sort()
writeFileSync(join(release, "SHA256SUMS"), files.map(file => `${sum(file)}  ${file}\n`).join(""))
for (const file of files) process.stdout.write(`release/${file}, ${statSync(join(release, file)).size} bytes\n`)

/** Makes the packages of one platform. */
function make({ name, node, debian }, program) {
  const runtime = join(work, name)
  mkdirSync(runtime)
  const tree = join(work, `opsdeck-${version}-${name}`)
  layOut(tree, { program, modules: installRuntime(name, runtime), node })
  makeTarball(tree, join(release, `opsdeck-${version}-${name}.tar.gz`), time)
  if (debian === undefined) return
  makeDeb(tree, join(release, `opsdeck_${version}_${debian}.deb`), { version, architecture: debian, time })
}

/** What a program prints, without the end of its last line. */
function read(program, ...args) {
  return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim()
}
