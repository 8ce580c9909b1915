import type { FleetRow } from '../modules/dashboard/fleet-row';
import { Narrator } from './narrator';

const row = (change: Partial<FleetRow> = {}): FleetRow => ({
  ...{ id: 's1', name: 'demo-btc', state: 'running', bid: '99', mid: '100', ask: '101', reasons: [] },
  quotes: [
    { side: 'bid', price: '99.95', quantity: '1', status: 'open' },
    { side: 'bid', price: '99.9', quantity: '1', status: 'open' },
    { side: 'ask', price: '100.05', quantity: '1', status: 'open' },
  ],
  ...change,
});
const reason = { effect: 'block', side: 'both', text: 'Too small.', fix: 'Raise it.', sinceMs: 0 } as const;
const blocked = (code: string): FleetRow => row({ quotes: [], reasons: [{ ...reason, code }] });

describe('the lines on the terminal', () => {
  it('name the best own quotes and how wide they are', () => {
    const [text] = new Narrator().lines([row()], 0);
    expect(text).toMatch(/^\d\d:\d\d:\d\d  demo-btc   QUOTING   bid 99.95   ask 100.05   \(10\.0 bps\)$/);
  });

  it('say a state once a minute, and a change at once', () => {
    const narrator = new Narrator();
    const count = (at: number, one: FleetRow): number => narrator.lines([one], at).length;
    expect([count(0, row()), count(59_999, row()), count(60_000, row())]).toEqual([1, 0, 1]);
    expect([count(61_000, row({ state: 'paused' })), count(62_000, row())]).toEqual([1, 1]);
  });

  it('say once that a strategy rests', () => {
    const narrator = new Narrator();
    const at = [0, 60_000, 120_000].map((ms) => narrator.lines([row({ state: 'stopped' })], ms).length);
    expect(at).toEqual([1, 0, 0]);
  });

  it('give a blocked quote its code, text and fix, each code at most once a minute', () => {
    const narrator = new Narrator();
    const [text] = narrator.lines([blocked('A')], 0);
    expect(text).toContain('BLOCKED   A  Too small. Raise it.');
    expect(narrator.lines([blocked('B')], 1_000)).toHaveLength(1);
    expect(narrator.lines([blocked('A')], 2_000)).toHaveLength(0);
  });

  it('do not call orders behind a cut connection quotes', () => {
    const cut = row({ reasons: [{ ...reason, code: 'VENUE_DISCONNECTED' }] });
    expect(new Narrator().lines([cut], 0)[0]).toContain('BLOCKED   VENUE_DISCONNECTED');
    const oneSide = row({ reasons: [{ ...reason, side: 'bid', code: 'INVENTORY_LIMIT' }] });
    expect(new Narrator().lines([oneSide], 0)[0]).toContain('QUOTING');
  });

  it('leaves a side without quotes open', () => {
    const [text] = new Narrator().lines([row({ quotes: row().quotes.slice(0, 1) })], 0);
    expect(text).toContain('bid 99.95   ask –');
  });
});
