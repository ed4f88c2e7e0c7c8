import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"

/** Finds a program: on the PATH, or where packages put what is for administrators. Undefined where it is not installed. */
export function installedProgram(name: string): string | undefined {
  const directories = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"]
  return directories.map(directory => join(directory, name)).find(isProgram)
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
