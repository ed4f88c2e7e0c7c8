import { open, rename } from "node:fs/promises"
import { dirname } from "node:path"

/** Replaces the file `path` by one with `text`, mode `mode`: whole or not at all, also when the host fails. */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const beside = `${path}.new`
  const file = await open(beside, "w", mode)
  try {
    // The mode given to open is cut by the umask.
    await file.chmod(mode)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, path)
  await syncDirectory(dirname(path))
}

/** Gives the file `from` the name `to`, once its content is on the disk. */
export async function publishFile(from: string, to: string, mode: number): Promise<void> {
  const file = await open(from, "r+")
  try {
    await file.chmod(mode)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(from, to)
  await syncDirectory(dirname(to))
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r")
  await directory.sync().finally(() => directory.close())
}
