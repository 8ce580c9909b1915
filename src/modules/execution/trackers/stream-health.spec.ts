import { StreamHealth } from './stream-health';

type Step =
  readonly ['reply' | 'echo', string, 'open' | 'canceled', number] | readonly ['agreed' | 'renewed'];

const after = (steps: readonly Step[]): StreamHealth => {
  const health = new StreamHealth();
  for (const step of steps) {
    if (step[0] === 'reply') health.replied(step[1], step[2], step[3]);
    else if (step[0] === 'echo') health.echoed(step[1], step[2], step[3]);
    else health[step[0]]();
  }
  return health;
};

describe('a stream is suspect when a reply is not echoed', () => {
  it.each<readonly [string, readonly Step[], number, boolean]>([
    ['5 s after the reply', [['reply', 'a', 'open', 0]], 5_000, false],
    ['5 s and more after the reply', [['reply', 'a', 'open', 0]], 5_001, true],
    [
      'the echo came',
      [
        ['reply', 'a', 'open', 0],
        ['echo', 'a', 'open', 100],
      ],
      9_000,
      false,
    ],
    [
      'the echo overtook the reply',
      [
        ['echo', 'a', 'open', 0],
        ['reply', 'a', 'open', 100],
      ],
      9_000,
      false,
    ],
    [
      'the echo of another order',
      [
        ['reply', 'a', 'open', 0],
        ['echo', 'b', 'open', 100],
      ],
      9_000,
      true,
    ],
    [
      'an earlier state was echoed, the cancel was not',
      [
        ['echo', 'a', 'open', 0],
        ['reply', 'a', 'canceled', 100],
      ],
      9_000,
      true,
    ],
    [
      'a later state was echoed',
      [
        ['reply', 'a', 'open', 0],
        ['echo', 'a', 'canceled', 100],
      ],
      9_000,
      false,
    ],
    ['the stream is a new one', [['reply', 'a', 'open', 0], ['renewed']], 9_000, false],
  ])('%s', (_name, steps, now, expected) => {
    const health = after(steps);
    expect(health.check(now)).toBe(expected ? 'suspect' : undefined);
    expect(health.isSuspect).toBe(expected);
  });
});

it.each([
  ['a', undefined],
  ['b', 'suspect'],
])('an echo is remembered for a minute after it was heard last: that of %s', (id, expected) => {
  const health = after([
    ['echo', 'a', 'open', 0],
    ['echo', 'b', 'open', 10_000],
    ['echo', 'a', 'open', 50_000],
  ]);
  health.check(75_000);
  health.replied(id, 'open', 75_000);
  expect(health.check(81_000)).toBe(expected);
});

describe('a suspect stream', () => {
  const suspect = (): StreamHealth => {
    const health = after([['reply', 'a', 'open', 0]]);
    health.check(6_000);
    return health;
  };

  it.each<readonly [string, (health: StreamHealth) => void]>([
    ['an echo of any own order', (health) => health.echoed('b', 'open', 7_000)],
    ['balances that agree', (health) => health.agreed()],
  ])('recovers by %s', (_name, heal) => {
    const health = suspect();
    heal(health);
    expect(health.isSuspect).toBe(false);
  });

  it('does not recover by a new connection alone', () => {
    const health = suspect();
    health.renewed();
    expect(health.isSuspect).toBe(true);
  });

  it('is dialled anew once, after 30 s of silence, whatever the balances say', () => {
    const health = suspect();
    health.agreed();
    expect(health.check(35_999)).toBeUndefined();
    expect(health.check(36_000)).toBe('restart');
    health.renewed();
    health.replied('b', 'open', 40_000);
    expect(health.check(46_000)).toBe('suspect');
    expect(health.check(200_000)).toBeUndefined();
    health.echoed('b', 'open', 200_000);
    health.replied('c', 'open', 200_000);
    expect([health.check(206_000), health.check(236_000)]).toEqual(['suspect', 'restart']);
  });
});
