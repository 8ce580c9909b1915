import type { ExecutionContext } from '@nestjs/common';
import { AdminGuard } from './admin.guard';

const asked = (user: string | undefined): boolean =>
  new AdminGuard().canActivate({
    switchToHttp: () => ({ getRequest: () => ({ user }) }),
  } as unknown as ExecutionContext);

it('lets an administrator past', () => {
  expect(asked('admin')).toBe(true);
});

it.each([undefined, 'anna', 'Admin', ''])('lets %p not past', (user) => {
  expect(() => asked(user)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
});
