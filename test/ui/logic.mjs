/** The page's pure rules, loaded as the page loads them: what may be called fresh, worst, or proven. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { expect } from './checks.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const row = (overrides) => ({
  name: 'a',
  state: 'running',
  desiredState: 'running',
  quotes: [
    { side: 'bid', price: '99', quantity: '1', status: 'OPEN' },
    { side: 'ask', price: '101', quantity: '1', status: 'OPEN' },
  ],
  mid: '100',
  reasons: [],
  pnl: { equityQuote: '0', netQuote: '0' },
  inventory: { base: '0', quote: '0', lean: 0 },
  ...overrides,
});

export async function checkLogic({ check }) {
  const vite = await createServer({
    configFile: join(root, 'vite.config.mjs'),
    server: { middlewareMode: true, ws: false, watch: null },
    appType: 'custom',
    logLevel: 'error',
  });
  const load = (path) => vite.ssrLoadModule(`/src/${path}`);
  try {
    await check('logic: data gets worse at once and better after 2 s', async () =>
      freshness(await load('live/freshness.ts')),
    );
    await check('logic: the worst strategy comes first', async () =>
      order(await load('pages/fleet/worst-first.ts')),
    );
    await check('logic: only a succeeded stop claims a proof', async () =>
      proof(await load('format/operation.ts'), await load('api/operation.ts')),
    );
    await check('logic: figures keep every digit and never show −0', async () =>
      figures(await load('format/numbers.ts')),
    );
    await check('logic: a running strategy without quotes is called blocked', async () =>
      states(await load('format/states.ts')),
    );
    await check('logic: only the venue confirms an order', async () =>
      evidence(await load('format/evidence.ts')),
    );
    await check('logic: an account can be dedicated where its venue has a switch', async () =>
      switches(await load('api/accounts.ts')),
    );
    await check('logic: the best own quotes make the spread', async () =>
      spread(await load('live/own-quotes.ts')),
    );
  } finally {
    await vite.close();
  }
}

function switches({ hasSwitch }) {
  const venue = (id, cancelAllAfter) => ({ id, needsPassphrase: false, capabilities: { cancelAllAfter } });
  const venues = [venue('binance', 'none'), venue('okx', 'account'), venue('gate', 'instrument')];
  const found = ['binance', 'okx', 'gate', 'kraken'].map((id) => hasSwitch(venues, id));
  expect(found.join() === 'false,true,true,false', `has a switch: ${found.join()}`);
  expect(!hasSwitch([], 'okx'), 'nothing is offered before the venues are known');
}

function freshness({ nextFresh }) {
  const start = { level: 'waiting', goodSince: undefined };
  expect(nextFresh(start, 5_000, undefined).level === 'waiting', 'without data it is not waiting');
  const active = nextFresh(start, 1_000, 1_000);
  expect(active.level === 'active', 'the first data is not active');
  const levels = [3_001, 10_001, 30_001].map((age) => nextFresh(active, 1_000 + age, 1_000).level);
  expect(levels.join() === 'dim,stale,offline', levels.join());
  const stale = nextFresh(active, 20_000, 1_000);
  const back = nextFresh(stale, 21_000, 21_000);
  expect(back.level === 'stale', `one frame made it ${back.level}`);
  expect(nextFresh(back, 22_900, 22_900).level === 'stale', 'active before 2 s of fresh data');
  expect(nextFresh(back, 23_000, 23_000).level === 'active', 'not active after 2 s of fresh data');
  const relapse = nextFresh(back, 26_000, 21_000);
  expect(nextFresh(relapse, 27_000, 27_000).level === 'dim', 'a lapse did not restart the 2 s');
}

function order({ worstFirst }) {
  const doubt = { code: 'ORDER_UNKNOWN', side: 'bid', text: '', fix: '', sinceMs: 0 };
  const rows = [
    row({ name: 'stopped', state: 'stopped', desiredState: 'stopped', quotes: [] }),
    row({ name: 'winning', pnl: { netQuote: '5' } }),
    row({ name: 'losing', pnl: { netQuote: '-5' } }),
    row({ name: 'restricted', reasons: [{ ...doubt, code: 'PRICE_COLLAR' }] }),
    row({ name: 'blocked', quotes: [], reasons: [{ ...doubt, code: 'BOOK_STALE' }] }),
    row({ name: 'halted', state: 'halted' }),
    row({ name: 'doubt', reasons: [doubt] }),
  ];
  const names = worstFirst(rows).map(({ name }) => name);
  expect(names.join() === 'doubt,halted,blocked,restricted,losing,winning,stopped', names.join());
}

function proof({ outcomeOf }, { readOperation }) {
  const say = (raw) => outcomeOf(readOperation(raw));
  const desired = { state: 'stopped' };
  const observed = { state: 'stopped', openOrdersCount: 0 };
  const proven = say({ state: 'succeeded', desired, observed, remaining: [] });
  expect(proven === 'stopped: the venue shows 0 own open orders', proven);
  for (const state of ['running', 'timed_out', 'failed', 'superseded']) {
    const text = say({
      state,
      desired,
      observed: { state: 'stopping' },
      remaining: [{ clientOrderId: 'x' }],
    });
    expect(!text.includes('the venue shows'), `${state}: ${text}`);
  }
  expect(
    readOperation({}) === undefined && readOperation(null) === undefined,
    'an empty answer is an operation',
  );
}

function figures({ grouped, padded, placesForStep, rounded, shortened, signed }) {
  const thin = '\u202f';
  const pairs = [
    [grouped('1234567.123456789012345678'), `1${thin}234${thin}567.123456789012345678`],
    [grouped('-1234'), `\u22121${thin}234`],
    [padded('65000', 2), `65${thin}000.00`],
    [padded('65000.125', 2), `65${thin}000.125`],
    [padded(null, 2), '–'],
    [rounded('-0.001', 2), '0.00'],
    [rounded('', 2), '–'],
    [signed('2.5', 2), '+2.50'],
    [signed('-2.5', 2), '\u22122.50'],
    [signed('0', 2), '0.00'],
    [
      ['0.62763107', '12.1883834', '1234567.89', '5'].map((text) => shortened(text, 5)).join(),
      `0.62763,12.188,1${thin}234${thin}568,5`,
    ],
    [[100, 2.5, 0.25, 1e-7].map(placesForStep).join(), '0,1,2,7'],
  ];
  for (const [got, wanted] of pairs) expect(got === wanted, `${got} is not ${wanted}`);
}

function states({ effectiveState }) {
  const reason = { code: 'BELOW_MIN_NOTIONAL', side: 'both', text: '', fix: '', sinceMs: 0 };
  const seen = [
    effectiveState(row({})),
    effectiveState(row({ quotes: [row({}).quotes[0]] })),
    effectiveState(row({ quotes: [], reasons: [reason] })),
    effectiveState(row({ quotes: [] })),
    effectiveState(row({ state: 'STOPPED', quotes: [] })),
  ];
  expect(seen.join() === 'quoting,partial,blocked,running,stopped', seen.join());
}

function evidence({ evidenceWords }) {
  const say = (source) => evidenceWords({ source, ageMs: 4_000 });
  const words = ['rest-list', 'ws-trade', 'reply'].map(say);
  const wanted = ['REST', 'stream', 'reply'].map((channel) => `confirmed 4.0 s ago by ${channel}`);
  expect(words.join() === wanted.join(), words.join());
  expect(
    [say('local'), evidenceWords(null)].every((text) => text === 'local, not yet confirmed'),
    'we confirmed it ourselves',
  );
}

function spread({ bestOwn, ownSpreadBps }) {
  const quote = (side, price) => ({ side, price, quantity: '1', status: 'OPEN' });
  const quotes = [quote('bid', '9.5'), quote('bid', '9.9'), quote('ask', '10.5'), quote('ask', '10.1')];
  const { bid, ask } = bestOwn(quotes);
  expect(bid.price === '9.9' && ask.price === '10.1', `${bid.price} ${ask.price}`);
  const bps = ownSpreadBps(row({ quotes, mid: '10' }));
  expect(Math.abs(bps - 200) < 1e-9, `spread ${bps}`);
  expect(ownSpreadBps(row({ quotes: [], mid: '10' })) === undefined, 'a spread without quotes');
  expect(ownSpreadBps(row({ quotes, mid: null })) === undefined, 'a spread without a mid');
}
