import type { Reporter, TestModule, Vitest } from 'vitest/node';

/**
 * Ends the output with one line of counts that a script can read, from the results themselves. A file that cannot be
 * loaded and an error outside of any test count as failures: neither shows up among the tests.
 */
export function countsReporter(): Reporter {
  let log: (line: string) => void = () => {};
  return {
    onInit(vitest: Vitest) {
      log = (line) => vitest.logger.log(line);
    },
    onTestRunEnd(modules, unhandledErrors) {
      const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
      for (const module of modules) countModule(module, counts);
      const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
      log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
    },
  };
}

function countModule(module: TestModule, counts: { passed: number; failed: number; skipped: number }): void {
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') counts.passed += 1;
    else if (state === 'skipped') counts.skipped += 1;
    else counts.failed += 1;
  }
  const suites = [module, ...module.children.allSuites()];
  counts.failed += suites.flatMap((suite) => suite.errors()).length;
}
