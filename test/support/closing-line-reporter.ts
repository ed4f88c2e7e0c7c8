import type { Reporter, SerializedError, TestModule, TestRunEndReason } from "vitest/node"

/**
 * Ends a run with one plain line, `N passed, N failed` and, where there are any, `, N skipped`, counting tests.
 * What fails outside a test (loading a file, a hook, an uncaught error) counts as one failed each.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], uncaught: readonly SerializedError[], reason: TestRunEndReason): void {
    const counts = { passed: 0, failed: uncaught.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      counts.failed += module.errors().length
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
      for (const test of module.children.allTests()) counts[test.result().state]++
    }
    if (reason !== "passed") counts.failed = Math.max(counts.failed, 1)
    const skipped = counts.skipped + counts.pending
    process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped ? `, ${skipped} skipped` : ""}\n`)
  }
}
