import { RecentSet } from './recent-set';

it('forgets the oldest beyond its size, and nothing for a member it has already', () => {
  const set = new RecentSet(2);
  for (const member of ['a', 'b', 'b', 'c']) set.add(member);
  expect(['a', 'b', 'c'].map((member) => set.has(member))).toEqual([false, true, true]);
  set.delete('b');
  expect(set.has('b')).toBe(false);
});
