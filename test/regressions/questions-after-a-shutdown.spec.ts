import { openAccount } from '../../src/modules/execution/accounts';
import type { ExchangeConnector } from '../../src/modules/execution/connectors/types';
import type { Engine } from '../../src/modules/execution/engine';
import type { AccountBench } from '../support/account-bench';
import { accountBench, openBooks } from '../support/account-bench';
import { instrumentOf } from '../support/decisions';
import { account, keylessEngine } from '../support/keyless-engine';

let bench: AccountBench;
let engine: Engine;
const asked = (): number => Object.values(bench.venue.calls).reduce((sum, calls) => sum + calls);

beforeEach(async () => {
  bench = await accountBench();
  bench.store.assignStrategy('s1', account.id, { instrument: instrumentOf().id });
  await openBooks(bench);
  engine = await keylessEngine(bench.runtime, bench.store);
});

/** How opening the account ends, at a venue that answers everything but the balances. */
function opened(change: Partial<ExchangeConnector> & { readonly rulesAfterMs?: number } = {}): string[] {
  const { runtime, connector } = bench;
  const { rulesAfterMs = 0, ...more } = change;
  const loadInstruments = () => runtime.sleep(rulesAfterMs).then(() => [instrumentOf()]);
  const disconnect = () => Promise.resolve();
  const scripted = {
    ...connector,
    feed: { ...connector.feed, loadInstruments, disconnect },
    ...{ connect: () => Promise.resolve(), disconnect, onEvent: () => () => undefined },
    getBalances: () => {
      bench.venue.calls.balances += 1;
      return Promise.reject(new Error('not now'));
    },
    ...more,
  };
  const connectors = { create: () => Promise.resolve(scripted) };
  const ends: string[] = [];
  void openAccount({ ...engine, connectors } as unknown as Engine, account).then(
    () => ends.push('open'),
    (error: Error) => ends.push(error.message),
  );
  return ends;
}

/**
 * A shutdown stopped the accounts that were open. One that was being opened went on asking its venue for up to a
 * minute, through a connector and a Store that were closed.
 */
describe('an account that is being opened when the engine shuts down', () => {
  it('asks its venue nothing more, and is not open', async () => {
    const ends = opened();
    await bench.runtime.advance(5_000);
    const before = asked();
    expect([before > 0, ends]).toEqual([true, []]);
    await engine.shutdown();
    await bench.runtime.advance(1_000);
    expect(ends).toEqual([expect.stringContaining('the engine has stopped')]);
    await bench.runtime.advance(90_000);
    expect(asked()).toBe(before);
  });

  it('asks nothing although its stream is still being dialled', async () => {
    const ends = opened({ connect: () => bench.runtime.sleep(40_000) });
    await bench.runtime.advance(5_000);
    const before = asked();
    await engine.shutdown();
    await bench.runtime.advance(90_000);
    expect([asked(), ends]).toEqual([before, [expect.stringContaining('the engine has stopped')]]);
  });

  it('does not begin to ask when the rules of its venue come later', async () => {
    const ends = opened({ rulesAfterMs: 5_000 });
    await engine.shutdown();
    await bench.runtime.advance(90_000);
    expect([asked(), ends]).toEqual([0, [expect.stringContaining('the engine has stopped')]]);
  });
});
