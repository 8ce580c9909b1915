import { readFileSync } from 'node:fs';
import { parseDotenv } from './dotenv';
import { envExample } from './env-example';
import { readSettings } from './read-settings';

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://u:p@db:5432/mm',
  ADMIN_PASSWORD: 'correct horse battery',
  CREDENTIALS_KEK: Buffer.alloc(32, 1).toString('base64'),
};
const named = (result: ReturnType<typeof readSettings>): readonly string[] =>
  result.problems.map((problem) => problem.name);

describe('settings', () => {
  it('start from nothing with safe defaults', () => {
    const { settings, problems } = readSettings({}, {});
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      TICK_MS: 1000,
      LIVE_TRADING: false,
      DEMO: 'auto',
    });
  });

  it('report everything that is wrong together', () => {
    expect(named(readSettings({ PORT: '70000', DEMO: 'maybe', TICK_MS: '1.5' }, {}))).toEqual([
      'PORT',
      'TICK_MS',
      'DEMO',
    ]);
  });

  it('prefer the environment to the file, and read empty as absent', () => {
    expect(readSettings({ PORT: '4000' }, { PORT: '5000' }).settings?.PORT).toBe(4000);
    expect(readSettings({ PORT: '' }, {}).settings?.PORT).toBe(3000);
  });

  it('accept a complete production', () => {
    expect(named(readSettings(production, {}))).toEqual([]);
  });

  it.each([
    ['DATABASE_URL', undefined],
    ['ADMIN_PASSWORD', undefined],
    ['ADMIN_PASSWORD', 'short'],
    ['ADMIN_PASSWORD', 'change-me-please'],
    ['CREDENTIALS_KEK', undefined],
  ])('refuse production when %s is %j', (name, value) => {
    expect(named(readSettings({ ...production, [name]: value }, {}))).toEqual([name]);
  });

  it('name the nearest key for an unknown one: a warning, in production an error', () => {
    expect(readSettings({}, { PROT: '1' }).warnings[0]?.expected).toBe('did you mean PORT?');
    expect(named(readSettings(production, { PROT: '1' }))).toEqual(['PROT']);
  });

  it('never show a secret', () => {
    const result = readSettings({ DATABASE_URL: 'mysql://hunter2', ADMIN_TOKEN: 'hunter2' }, {});
    expect(named(result)).toEqual(['DATABASE_URL', 'ADMIN_TOKEN']);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

describe('.env', () => {
  it('knows comments and quotes', () => {
    expect(parseDotenv('# no\nA=1 # one\nB="x # y"\nexport C=\'z\'\nD=\n')).toEqual({
      A: '1',
      B: 'x # y',
      C: 'z',
      D: '',
    });
  });

  it('is shown by .env.example, which is made from the settings and valid', () => {
    const file = readFileSync('.env.example', 'utf8');
    expect(file).toBe(envExample());
    expect(readSettings({}, parseDotenv(file)).problems).toEqual([]);
  });
});
