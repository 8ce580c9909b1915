import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../../domain/errors';
import { adminUser } from './auth.service';

/** For what a person decides against the evidence the engine has: administrators only. Stands behind the login. */
@Injectable()
export class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { user } = context.switchToHttp().getRequest<Request & { readonly user?: string }>();
    if (user === adminUser) return true;
    throw new DomainError('FORBIDDEN', 'Only an administrator may do this.', 'Ask an administrator.');
  }
}
