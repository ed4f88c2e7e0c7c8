import { readFileSync } from "node:fs"

export const median = (values: readonly number[]): number => percentile(values, 50)

/** The value that `percent` of `values` do not exceed (nearest rank). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)]
  if (value === undefined) throw new Error("nothing was measured")
  return value
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Median milliseconds of `work`, which is done a hundred times at the most and not much longer than ten seconds. */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  await work()
  const end = performance.now() + 10_000
  while (times.length < 3 || (times.length < 100 && performance.now() < end)) times.push(await timed(work))
  return median(times)
}

/** Median milliseconds of each of `works`, which take turns, so that whatever else the machine does slows all of them alike. */
export async function timesInTurn(...works: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const times = works.map((): number[] => [])
  for (const work of works) await work()
  const end = performance.now() + 10_000 * works.length
  while ((times[0]?.length ?? 0) < 3 || ((times[0]?.length ?? 0) < 100 && performance.now() < end)) {
    for (const [index, work] of works.entries()) times[index]?.push(await timed(work))
  }
  return times.map(median)
}

/** CPU seconds that a process has used in all its threads; Linux alone tells it cheaply. */
export function cpuSeconds(pid: number): number {
  const fields = processFields(pid)
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** What /proc tells of a process behind its name. Throws for one that has ended. */
export const processFields = (pid: number | string): readonly string[] =>
  readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ")

/** Fixed in the interface between Linux and its programs. */
export const TICKS_PER_SECOND = 100

/** Resident memory of a process, in MB of 1024 * 1024 bytes. */
export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8")
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024
}
