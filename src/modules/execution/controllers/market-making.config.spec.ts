import type { FieldProblem } from '../../../domain/errors';
import { parseMarketMakingConfig } from './market-making.config';
import { presets } from './presets';
import { fromSeedConfig } from './seed-config';

const size = { orderQuantityBase: '1' };
const problemsOf = (raw: unknown): readonly FieldProblem[] => {
  const parsed = parseMarketMakingConfig(raw);
  return parsed.ok ? [] : parsed.problems;
};

describe('parseMarketMakingConfig', () => {
  it('fills in the defaults', () => {
    const parsed = parseMarketMakingConfig(size);
    expect(parsed).toMatchObject({
      ok: true,
      config: {
        bidSpreadBps: 10,
        askSpreadBps: 10,
        costMode: 'floor',
        minEdgeBps: 0.5,
        levels: 1,
        refreshMs: 15_000,
        requoteMoveBps: 10,
        orderNotionalQuote: null,
        maxHalfSpreadBps: null,
        inventory: { mode: 'ratio', targetRatio: 0.5, rangeRatio: 0.25, maxBase: null, minBase: '0' },
        postOnly: { marginTicks: 1 },
        freshness: { hardMs: null },
      },
    });
  });

  it('reads what it wrote to the same configuration', () => {
    const first = parseMarketMakingConfig({ ...size, bidSpreadBps: '12.5', inventory: { maxBase: '3' } });
    if (!first.ok) throw new Error('refused');
    expect(first.config.bidSpreadBps).toBe(12.5);
    expect(parseMarketMakingConfig(JSON.parse(JSON.stringify(first.config)))).toEqual(first);
  });

  it.each([
    [
      'a quantity as a JSON number',
      { orderQuantityBase: 1 },
      '/orderQuantityBase',
      'DECIMAL_STRING_REQUIRED',
    ],
    [
      'a limit as a JSON number',
      { ...size, inventory: { maxBase: 3 } },
      '/inventory/maxBase',
      'DECIMAL_STRING_REQUIRED',
    ],
    ['no size', {}, '/orderQuantityBase', 'REQUIRED'],
    ['two sizes', { ...size, orderNotionalQuote: '5' }, '/orderNotionalQuote', 'OUT_OF_RANGE'],
    ['a size of zero', { orderQuantityBase: '0' }, '/orderQuantityBase', 'OUT_OF_RANGE'],
    ['an exponent', { orderQuantityBase: '1e3' }, '/orderQuantityBase', 'TYPE_MISMATCH'],
    ['a plus sign', { ...size, bidSpreadBps: '+1' }, '/bidSpreadBps', 'TYPE_MISMATCH'],
    ['a number that is none', { ...size, bidSpreadBps: NaN }, '/bidSpreadBps', 'TYPE_MISMATCH'],
    ['a spread of zero', { ...size, bidSpreadBps: 0 }, '/bidSpreadBps', 'OUT_OF_RANGE'],
    ['half a level', { ...size, levels: 1.5 }, '/levels', 'TYPE_MISMATCH'],
    ['too many levels', { ...size, levels: 21 }, '/levels', 'OUT_OF_RANGE'],
    ['an unknown word', { ...size, costMode: 'add' }, '/costMode', 'TYPE_MISMATCH'],
    ['a spread that is a slip', { ...size, askSpreadBps: 600 }, '/askSpreadBps', 'SPREAD_TOO_WIDE'],
    ['a cap below the spread', { ...size, maxHalfSpreadBps: 9 }, '/maxHalfSpreadBps', 'OUT_OF_RANGE'],
    [
      'mode base without a target',
      { ...size, inventory: { mode: 'base', rangeBase: '1' } },
      '/inventory/targetBase',
      'REQUIRED',
    ],
    [
      'limits the wrong way round',
      { ...size, inventory: { maxBase: '1', minBase: '2' } },
      '/inventory/minBase',
      'OUT_OF_RANGE',
    ],
    ['a block that is no object', { ...size, inventory: 5 }, '/inventory', 'TYPE_MISMATCH'],
    ['no object at all', 'x', '', 'TYPE_MISMATCH'],
    ['a field of later versions', { ...size, pingPong: true }, '/pingPong', 'UNKNOWN_FIELD'],
    ['a block of later versions', { ...size, volatility: { multiplier: 1 } }, '/volatility', 'UNKNOWN_FIELD'],
  ])('refuses %s', (_, raw, pointer, code) => {
    expect(problemsOf(raw)).toMatchObject([{ pointer, code }]);
  });

  it('names the nearest known key, in the block where it was written', () => {
    expect(problemsOf({ ...size, bidSpread: 1 })[0]!.hint).toBe('Did you mean bidSpreadBps?');
    const [problem] = problemsOf({ ...size, inventory: { priceSkw: 1 } });
    expect(problem).toMatchObject({ pointer: '/inventory/priceSkw', hint: 'Did you mean priceSkew?' });
  });

  it('reports everything at once, with pointers into the body', () => {
    const parsed = parseMarketMakingConfig({ ...size, levels: 0, nothing: 1, refreshMs: 1 }, '/config');
    const pointers = parsed.ok ? [] : parsed.problems.map((problem) => problem.pointer).sort();
    expect(pointers).toEqual(['/config/levels', '/config/nothing', '/config/refreshMs']);
  });

  it('gives both readings of a wide spread, and takes a confirmed one', () => {
    const [problem] = problemsOf({ ...size, bidSpreadBps: 600 });
    expect(problem!.detail).toContain('600 bps are 6 %');
    expect(problem!.hint).toContain('6 bps (0.06 %)');
    expect(problemsOf({ ...size, bidSpreadBps: 600, confirmWideSpread: true })).toEqual([]);
  });

  it('states the allowed range', () => {
    expect(problemsOf({ ...size, levels: 21 })[0]!.hint).toBe('Use a value from 1 to 20.');
  });

  it.each(presets.map((preset) => [preset.name, preset] as const))(
    'accepts the preset %s with a size',
    (_, preset) => {
      expect(parseMarketMakingConfig({ ...preset.config, ...size })).toMatchObject({
        ok: true,
        config: preset.config,
      });
    },
  );
});

describe('fromSeedConfig', () => {
  const seed = {
    symbol: 'BTC/USDT',
    base_spread: 0.001,
    bid_spread: 0.002,
    order_amount: 1,
    refresh_interval: 30,
  };

  it('turns fractions into bps, seconds into ms and a maximum into a target in the middle', () => {
    const raw = fromSeedConfig({
      ...seed,
      order_levels: 3,
      level_spacing: 0.0005,
      inventory_skew: true,
      max_inventory: 10,
    });
    expect(parseMarketMakingConfig(raw)).toMatchObject({
      ok: true,
      config: {
        bidSpreadBps: 20,
        askSpreadBps: 10,
        orderQuantityBase: '1',
        levels: 3,
        levelSpacingBps: 5,
        refreshMs: 30_000,
        inventory: {
          mode: 'base',
          maxBase: '10',
          targetBase: '5',
          rangeBase: '5',
          priceSkew: 0.5,
          sizeSkew: 1,
        },
      },
    });
  });

  it('switches both skews off where the seed did, and asks again about wide spreads', () => {
    const off = parseMarketMakingConfig(fromSeedConfig({ ...seed, inventory_skew: false }));
    expect(off).toMatchObject({ ok: true, config: { inventory: { priceSkew: 0, sizeSkew: 0 } } });
    expect(parseMarketMakingConfig(fromSeedConfig({ ...seed, ask_spread: 0.1 })).ok).toBe(false);
  });
});
