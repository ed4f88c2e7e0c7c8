// Archives that are the same, byte for byte, whoever makes them of the same files: names in order, one time, no owners.
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"

/**
 * Packs a directory, with its name.
 * @param {string} directory
 * @param {string} file
 * @param {number} time in seconds since the epoch
 */
export function makeTarball(directory, file, time) {
  const names = ["--sort=name", "--format=ustar", `--mtime=@${time}`, "--owner=0", "--group=0", "--numeric-owner"]
  // With -n gzip writes no time of its own.
  const into = ["-I", "gzip -9n", "-cf", file, "-C", dirname(directory), basename(directory)]
  execFileSync("tar", [...names, ...into])
}

/**
 * Makes a package for Debian and Ubuntu of what belongs below /usr.
 * @param {string} tree the installation, which is taken to pieces
 * @param {string} file
 * @param {{ version: string, architecture: string, time: number }} facts
 */
export function makeDeb(tree, file, { version, architecture, time }) {
  const root = `${tree}.deb`
  mkdirSync(root)
  renameSync(tree, join(root, "usr"))
  const usr = path => join(root, "usr", path)
  // zsh of Debian looks for those of packages elsewhere, and its policy wants these compressed.
  mkdirSync(usr("share/zsh/vendor-completions"))
  renameSync(usr("share/zsh/site-functions/_opsdeck"), usr("share/zsh/vendor-completions/_opsdeck"))
  renameSync(usr("share/doc/opsdeck/CHANGELOG.md"), usr("share/doc/opsdeck/changelog"))
  execFileSync("rmdir", [usr("share/zsh/site-functions")])
  execFileSync("gzip", ["-9n", usr("share/man/man1/opsdeck.1"), usr("share/doc/opsdeck/changelog")])

  const size = execFileSync("du", ["-sk", "--apparent-size", root], { encoding: "utf8" }).split("\t")[0]
  const facts = { VERSION: version, ARCHITECTURE: architecture, SIZE: size }
  cpSync("packaging/debian", join(root, "DEBIAN"), { recursive: true })
  const control = join(root, "DEBIAN/control")
  writeFileSync(
    control,
    readFileSync(control, "utf8").replace(/@(\w+)@/g, (_, name) => facts[name]),
  )
  execFileSync("chmod", ["-R", "u=rwX,go=rX", root])
  // More than one thread would cut what is compressed into as many pieces.
  const options = ["--root-owner-group", "-Zxz", "--threads-max=1", "--build", root, file]
  execFileSync("dpkg-deb", options, { env: { ...process.env, SOURCE_DATE_EPOCH: String(time) }, stdio: "pipe" })
}
