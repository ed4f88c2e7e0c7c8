import { cpus, totalmem } from "node:os"

/** When figures were taken, and on what. */
export function machine(): string {
  const processors = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const date = new Date().toISOString().slice(0, 10)
  return `${date}, ${processors.length} cores of ${processors[0]?.model}, ${memory} GB, Node ${process.versions.node}`
}
