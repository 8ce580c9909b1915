import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { catchError, concatMap, from, map, throwError } from 'rxjs';
import { DomainError } from '../../../domain/errors';
import { AuditRepository } from './audit.repository';
import { auditedCommand } from '../../../http/audited';
import { redacted } from './redacted';

type Call = Pick<Request, 'body' | 'params'> & { readonly user?: string };

/** Keeps one row of every command, done or refused, before its caller gets the answer. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  private readonly logger = new Logger('audit');

  constructor(
    private readonly audit: AuditRepository,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const action = this.reflector.get<string | undefined>(auditedCommand, context.getHandler());
    if (action === undefined) return next.handle();
    const call = context.switchToHttp().getRequest<Call>();
    return next.handle().pipe(
      concatMap((answer: unknown) => from(this.keep(action, call, 'done', answer)).pipe(map(() => answer))),
      catchError((error: unknown) => {
        const outcome = error instanceof DomainError ? error.code : 'INTERNAL';
        return from(this.keep(action, call, outcome)).pipe(concatMap(() => throwError(() => error)));
      }),
    );
  }

  /** What was done stays done when the log cannot be written: that goes to the log of the service. */
  private async keep(action: string, call: Call, outcome: string, answer?: unknown): Promise<void> {
    const body = redacted(call.body);
    const target =
      targetOf(call.params['id']) ?? targetOf((answer as { id?: unknown } | undefined)?.id) ?? '-';
    const entry = { actor: call.user ?? 'unknown', action, target, detail: { body, outcome } };
    await this.audit.append(entry).catch((error: unknown) => {
      this.logger.error(`not kept: ${entry.actor} ${action} ${target} ${outcome}: ${String(error)}`);
    });
  }
}

const targetOf = (id: unknown): string | undefined => (typeof id === 'string' ? id : undefined);
