/**
 * report: what a group of tests came to. Tests count, suites and files do not.
 *
 * Imports   nothing.
 */

export interface Failure {
  /** The file, relative to the repository. */
  readonly file: string;
  readonly name: string;
  readonly detail: string;
}

export interface Skip {
  readonly file: string;
  readonly name: string;
  readonly reason: string;
}

export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly skips: readonly Skip[];
}

export function emptyReport(): Report {
  return { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
}

export function addReports(a: Report, b: Report): Report {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
    skips: [...a.skips, ...b.skips],
  };
}
