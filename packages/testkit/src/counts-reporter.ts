import { writeSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

const STDOUT = 1;

type Counts = { passed: number; failed: number; skipped: number };

/**
 * Ends the output of a run with one line of counts that a script can read, from the results themselves. A file that
 * cannot be loaded and an error outside of any test count as failures: neither shows up among the tests. So does a run
 * that failed without any of them, because Redis could not be had for instance.
 */
export function countsReporter(): Reporter {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  return {
    onInit() {
      // Not when the tests end: Vitest itself has things to say after that, and this is the last line.
      process.once('exit', (code) => {
        const failed = code !== 0 && counts.failed === 0 ? 1 : counts.failed;
        const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
        writeSync(STDOUT, `${counts.passed} passed, ${failed} failed${skipped}\n`);
      });
    },
    onTestRunEnd(modules, unhandledErrors) {
      Object.assign(counts, { passed: 0, failed: unhandledErrors.length, skipped: 0 });
      for (const module of modules) addResults(module, counts);
    },
  };
}

function addResults(module: TestModule, counts: Counts): void {
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') counts.passed += 1;
    else if (state === 'skipped') counts.skipped += 1;
    else counts.failed += 1;
  }
  const suites = [module, ...module.children.allSuites()];
  counts.failed += suites.flatMap((suite) => suite.errors()).length;
}
