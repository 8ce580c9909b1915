import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
jest.setTimeout(120_000);

describe('docs/venues.md', () => {
  it('shows what the connectors declare', () => {
    const run = spawnSync(process.execPath, [join(root, 'tools', 'venues.mjs'), '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
  });
});
