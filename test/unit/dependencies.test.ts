import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { expect, test } from "vitest"

interface Locked {
  readonly hasInstallScript?: boolean
}

const root = resolve(import.meta.dirname, "../..")
const read = (name: string) => JSON.parse(readFileSync(join(root, name), "utf8"))
const { dependencies = {}, devDependencies, allowScripts } = read("package.json")
const locked = Object.entries<Locked>(read("package-lock.json").packages)

test("what runs a script when it is installed is named in allowScripts, and nothing is that does not", () => {
  const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript)
  const names = scripted.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length))
  expect([...new Set(names)].sort()).toEqual(Object.keys(allowScripts).sort())
})

test("whoever installs opsdeck installs nothing else, and every library it is made of is pinned", () => {
  expect(dependencies).toEqual({})
  for (const version of Object.values(devDependencies))
    expect(version).toMatch(/^(npm:@[\w-]+\/[\w-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/)
})
