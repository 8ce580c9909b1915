import type { DialectVenueId } from '../../src/domain/instrument';
import type * as knowledge from '../../src/modules/execution/connectors/ccxt.knowledge';
import { knowledgeOf } from '../../src/modules/execution/connectors/ccxt.knowledge';
import type {
  KnowledgeOptions,
  SignCall,
  SignedRequest,
} from '../../src/modules/execution/connectors/ccxt.knowledge';

const knowledgeFile = '../../src/modules/execution/connectors/ccxt.knowledge';

const now = 1_700_000_000_000;
const id = 'm00000000000000000001z';
const credentials = { apiKey: 'key', secret: 'hidden-secret', passphrase: 'hidden-phrase' };
const optionsOf = (venue: DialectVenueId, change: Partial<KnowledgeOptions> = {}): KnowledgeOptions => ({
  ...{ venue, environment: 'live', credentials, venueNow: () => now },
  ...change,
});
const creates: Readonly<Record<DialectVenueId, SignCall>> = {
  binance: {
    ...{ path: 'order', api: 'private', method: 'POST', expires: true },
    params: { symbol: 'BTCUSDT', newClientOrderId: id },
  },
  okx: {
    ...{ path: 'trade/order', api: 'private', method: 'POST', expires: true },
    params: { instId: 'BTC-USDT', clOrdId: id },
  },
  gate: {
    ...{ path: 'orders', api: 'private', method: 'POST', expires: true },
    params: { currency_pair: 'BTC_USDT', text: `t-${id}` },
  },
};
const venues = Object.keys(creates) as DialectVenueId[];

/** As the first account of a process signs: the modules are loaded anew. */
function signedInOwnProcess(options: KnowledgeOptions): SignedRequest {
  let signed: SignedRequest | undefined;
  jest.isolateModules(() => {
    const { knowledgeOf: fresh } = jest.requireActual<typeof knowledge>(knowledgeFile);
    signed = fresh(options).sign(creates[options.venue]);
  });
  return signed!;
}

it.each(venues)('%s leads nowhere but to the local exchange when it is simulated', (venue) => {
  const simOrigin = 'http://127.0.0.1:7101';
  const { urls, sign } = knowledgeOf(optionsOf(venue, { environment: 'sim', simOrigin }));
  for (const url of [urls.publicSocket, urls.privateSocket])
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:7101\//);
  expect(sign(creates[venue]).url).toMatch(new RegExp(`^http://127.0.0.1:7101/${venue}/`));
  expect(() => knowledgeOf(optionsOf(venue, { environment: 'sim' }))).toThrow('address of the simulator');
});

it.each(venues)(
  '%s is signed for with the keys and the clock of each account, whoever else signs',
  (venue) => {
    const other = { credentials: { ...credentials, secret: 'another' }, venueNow: () => now + 60_000 };
    const alone = [optionsOf(venue), optionsOf(venue, other)].map(signedInOwnProcess);
    const accounts = [optionsOf(venue), optionsOf(venue, other)].map((options) => knowledgeOf(options));
    expect(accounts.map(({ sign }) => sign(creates[venue]))).toEqual(alone);
    expect(alone[0]).not.toEqual(alone[1]);
    const { sign } = knowledgeOf(optionsOf(venue, { credentials: undefined }));
    expect(() => sign(creates[venue])).toThrow('requires');
  },
);

it.each([
  ['okx', 'expTime'],
  ['gate', 'x-gate-exptime'],
] as const)('%s is told when a create expires, and of nothing else', (venue, header) => {
  const { sign } = knowledgeOf(optionsOf(venue));
  expect(sign(creates[venue]).headers[header]).toBe(String(now + 3_000));
  expect(sign({ ...creates[venue], expires: false }).headers).not.toHaveProperty(header);
});

it.each(venues)('%s gets our id and no other, in what is sent', (venue) => {
  const call = creates[venue];
  const before = JSON.stringify(call);
  const { body = '' } = knowledgeOf(optionsOf(venue)).sign(call);
  expect(body).toContain(id);
  expect(body).not.toContain('tag');
  expect(JSON.stringify(call)).toBe(before);
});

it('tells the sandbox of OKX from the live venue, which share a host, by a header', () => {
  const [live, sandbox] = (['live', 'sandbox'] as const).map((environment) =>
    knowledgeOf(optionsOf('okx', { environment })),
  );
  const [ours, theirs] = [live!.sign(creates.okx), sandbox!.sign(creates.okx)];
  expect(ours.url).toBe(theirs.url);
  expect([ours.headers['x-simulated-trading'], theirs.headers['x-simulated-trading']]).toEqual([
    undefined,
    '1',
  ]);
  expect(new URL(sandbox!.urls.privateSocket).pathname).toBe('/ws/v5/private');
  expect(sandbox!.urls.privateSocket).not.toBe(live!.urls.privateSocket);
});

it('refuses the sandbox of Gate, which has no sockets', () => {
  expect(() => knowledgeOf(optionsOf('gate', { environment: 'sandbox' }))).toThrow('no sockets');
});

it.each(venues)('%s shows no secret', (venue) => {
  const knowledge = knowledgeOf(optionsOf(venue));
  expect(JSON.stringify(knowledge)).not.toContain('hidden');
});
