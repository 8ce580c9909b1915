import { endedMemoryMax } from '../common/constants';
import { ToldFills } from './told-fills';

describe('what the sum of an order adds to what was told of it', () => {
  it('is exact, and nothing when it is less', () => {
    const told = new ToldFills();
    expect(['0.1', '0.3', '0.3', '0.2', '0.30000001'].map((sum) => told.news('a', sum, 0))).toEqual([
      ...['0.1', '0.2', '0', '0', '0.00000001'],
    ]);
  });

  it('leaves out what is counted without having been told', () => {
    const told = new ToldFills();
    expect([told.news('a', '0.5', '0.2'), told.news('a', '0.7', '0.2')]).toEqual(['0.3', '0.2']);
    expect([told.news('b', '0.5', '0.5'), told.news('b', '0.6', '0.5')]).toEqual(['0', '0.1']);
  });

  it('is remembered of the orders that traded last', () => {
    const told = new ToldFills();
    told.news('a', '1', 0);
    told.news('b', '1', 0);
    told.news('a', '2', 0);
    for (let i = 1; i < 4 * endedMemoryMax; i += 1) told.news(`more ${i}`, '1', 0);
    expect([told.news('a', '2', 0), told.news('b', '1', 0)]).toEqual(['0', '1']);
  });
});
