import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../domain/errors';

const accepted = ['application/json', 'application/merge-patch+json'];

/** Refuses bodies that are not JSON before anything reads them. */
export function refuseOtherMediaTypes(request: Request, _response: Response, next: NextFunction): void {
  const hasBody =
    Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers;
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (!hasBody || accepted.includes(type)) {
    next();
    return;
  }
  const detail = `The body is ${type || 'of no stated type'}.`;
  next(new DomainError('MEDIA_TYPE_UNSUPPORTED', detail, 'Send content-type: application/json.'));
}
