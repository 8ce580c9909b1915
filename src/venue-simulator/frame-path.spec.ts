import { Faults } from './faults';
import { FramePath } from './frame-path';

const sent = (arm: (faults: Faults) => void): readonly number[] => {
  const faults = new Faults();
  arm(faults);
  const path = new FramePath<number>(faults, 'BTCUSDT');
  return [1, 2, 3, 4, 5].flatMap((frame) => path.pass(frame));
};

test.each([
  ['nothing is set', () => undefined, [1, 2, 3, 4, 5]],
  ['another market is meant', (faults: Faults) => faults.skipDepthFrames('ETHUSDT', 1), [1, 2, 3, 4, 5]],
  ['two are lost', (faults: Faults) => faults.skipDepthFrames('BTCUSDT', 2), [3, 4, 5]],
  ['one is sent twice', (faults: Faults) => faults.repeatDepthFrames('BTCUSDT', 1), [1, 1, 2, 3, 4, 5]],
  ['two are overtaken', (faults: Faults) => faults.swapDepthFrames('BTCUSDT', 2), [2, 1, 4, 3, 5]],
  [
    'all is cleared again',
    (faults: Faults) => {
      faults.swapDepthFrames('BTCUSDT', 9);
      faults.clearAll();
    },
    [1, 2, 3, 4, 5],
  ],
])('when %s', (_when, arm, expected) => {
  expect(sent(arm)).toEqual(expected);
});
