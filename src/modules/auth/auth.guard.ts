import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { DomainError } from '../../domain/errors';
import { AuthService } from './auth.service';
import { publicRoute } from './public';

/** Lets nobody past without a bearer token; a stream may show a ticket instead, since EventSource sends no headers. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly auth: AuthService,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(publicRoute, targets)) return true;
    const request = context.switchToHttp().getRequest<Request & { user?: string }>();
    request.user = this.identify(request);
    return true;
  }

  private identify(request: Request): string {
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer) return this.auth.userOf(bearer);
    const ticket = request.query['ticket'];
    if (request.path === '/api/v1/stream' && typeof ticket === 'string') return this.auth.useTicket(ticket);
    const hint = 'Send Authorization: Bearer <token> from POST /api/v1/auth/login.';
    throw new DomainError('UNAUTHENTICATED', 'This needs a login.', hint);
  }
}
