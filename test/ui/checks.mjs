/** The test's own list of results: nothing is passed that was not looked at. */
export function createChecks() {
  const results = [];
  const note = (name, outcome, detail) => {
    results.push({ name, outcome, detail });
    const mark = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' }[outcome];
    process.stdout.write(`  ${mark} ${name}${detail ? `  ${detail}` : ''}\n`);
  };
  return {
    /** In the order of their run; shared, not to be changed. */
    results,
    /** Runs one check; a thrown error is its failure, a returned string its detail. */
    async check(name, run) {
      try {
        const detail = await run();
        note(name, 'passed', typeof detail === 'string' ? detail : '');
        return true;
      } catch (error) {
        note(
          name,
          'failed',
          String(error?.message ?? error)
            .split('\n')
            .slice(0, 8)
            .join(' | '),
        );
        return false;
      }
    },
    skip: (name, why) => note(name, 'skipped', why),
    summary() {
      const count = (outcome) => results.filter((result) => result.outcome === outcome).length;
      return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
    },
  };
}

export function expect(condition, message) {
  if (!condition) throw new Error(message);
}
