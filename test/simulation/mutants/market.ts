import { decide } from '../../../src/modules/execution/controllers/market-making.controller';
import { follows } from '../../../src/modules/execution/trackers/local-order-book';
import type { Mutant } from './mutant';

/** Bugs in what is made of the market. */
export const marketMutants: readonly Mutant[] = [
  {
    id: 'M04',
    bug: 'the sign of the skew is inverted',
    expect: ['skewDirection'],
    plant: ({ reached }) => ({
      parts: {
        decide: (view, config) => {
          const { priceSkew, sizeSkew } = config.inventory;
          const inventory = { ...config.inventory, priceSkew: -priceSkew, sizeSkew: -sizeSkew };
          const decision = decide(view, { ...config, inventory });
          if (decision.trace.shiftBps !== 0) reached();
          return decision;
        },
      },
    }),
  },
  {
    id: 'M07',
    bug: 'every change must follow by exactly one, the first after a snapshot too',
    expect: ['I20', 'I7'],
    plant: ({ reached }) => ({
      parts: {
        follows: (change, last, joined) => {
          const isNext = change.prevId === undefined ? change.firstId === last + 1 : change.prevId === last;
          if (isNext !== follows(change, last, joined)) reached();
          return isNext;
        },
      },
    }),
  },
];
