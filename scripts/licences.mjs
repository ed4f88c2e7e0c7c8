// The licences of the packages that the bundle is made of: most ask for nothing but to go along with their code.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** The text of the licences of the packages that `inputs`, the files of a bundle, come from. */
export function licencesOf(inputs) {
  const directories = inputs.map(path => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
  return [...new Set(directories.filter(Boolean))].sort().map(licenceOf).join("\n")
}

function licenceOf(directory) {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"))
  const file = readdirSync(directory).find(entry => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? "" : `\n${readFileSync(join(directory, file), "utf8").trim()}\n`
  // A package that is a bundle itself, as meow is, has the licences of its own packages there.
  const bundled = join(directory, "build/licenses.md")
  const more = existsSync(bundled) ? `\n${readFileSync(bundled, "utf8").trim()}\n` : ""
  return `${name} ${version} (${license})\n${text}${more}`
}
