/** Returns the CPU time of this thread, in ms, that `work` takes: a busy machine makes it no longer. */
export function cpuTime(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
