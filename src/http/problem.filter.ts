import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException, Logger } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { DomainError, VenueError } from '../domain/errors';
import type { FieldProblem } from '../domain/errors';
import { anchorOf, codeOfStatus, problemCodes, statusOfCode } from './problem-codes';

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
  readonly errors: readonly FieldProblem[];
  readonly extra?: object;
}

/** Turns everything thrown on the way of a request into problem+json (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const request = host.switchToHttp().getRequest<Request>();
    const status = sendProblem(error, request, response);
    if (status >= 500) this.logger.error(error instanceof Error ? error.stack : String(error));
  }
}

/** Errors of what stands before the routes, such as a body that cannot be read. Express knows it by its four parameters. */
export function problemsBeforeRoutes(
  error: unknown,
  request: Request,
  response: Response,
  _next: NextFunction,
): void {
  const status = (error as { readonly status?: unknown }).status;
  const isKnown = typeof status === 'number' && !(error instanceof DomainError);
  sendProblem(isKnown ? new HttpException((error as Error).message, status) : error, request, response);
}

function sendProblem(error: unknown, request: Request, response: Response): number {
  const problem = problemOf(error, request);
  if (response.headersSent) response.end();
  else {
    const text = JSON.stringify(bodyOf(problem, request));
    response.status(problem.status).type('application/problem+json').send(text);
  }
  return problem.status;
}

function bodyOf(problem: Problem, request: Request): object {
  const reasonPhrase = STATUS_CODES[problem.status] ?? 'Error';
  return {
    type: `/docs/errors#${anchorOf(problem.code)}`,
    title: problemCodes[problem.code]?.title ?? reasonPhrase,
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    hint: problem.hint,
    instance: request.path,
    errors: problem.errors,
    ...problem.extra,
    retryable: problem.status === 503 || problem.status === 429,
    statusCode: problem.status,
    message: problem.detail,
    error: reasonPhrase,
  };
}

function problemOf(error: unknown, request: Request): Problem {
  if (error instanceof DomainError) {
    const { code, detail, hint, fields } = error;
    const extra = 'allowed' in error ? { allowed: error.allowed } : {};
    return { status: statusOfCode(code), code, detail, hint, errors: fields, extra };
  }
  if (error instanceof VenueError) {
    const hint = 'Try again when the venue answers.';
    return { status: 503, code: 'VENUE_UNAVAILABLE', detail: error.detail, hint, errors: [] };
  }
  if (error instanceof HttpException) return httpProblem(error, request);
  const hint = 'Try again; the log of the service says more.';
  return { status: 500, code: 'INTERNAL', detail: 'The service could not do this.', hint, errors: [] };
}

function httpProblem(error: HttpException, request: Request): Problem {
  const status = error.getStatus();
  const code = codeOfStatus(status);
  const hints: Readonly<Record<number, string>> = {
    400: 'Send valid JSON.',
    404: 'See /docs for the routes.',
    413: 'Send at most 100 kB.',
  };
  const detail =
    status === 404
      ? `${request.method} ${request.path} does not exist.`
      : status === 400
        ? 'The request cannot be read as JSON.'
        : error.message;
  return { status, code, detail, hint: hints[status] ?? '', errors: [] };
}
