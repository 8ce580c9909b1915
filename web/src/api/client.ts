import { closeSession, session } from './session';

/** An answer that is not a success, in words an operator can act on. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly hint: string | undefined,
  ) {
    super(detail);
  }
}

interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly message?: string | readonly string[];
  readonly hint?: string;
}

const base = '/api/v1';
const timeoutMs = 10_000;

export const get = <T>(path: string): Promise<T> => request<T>('GET', path);

/** A command: carries a fresh idempotency key, and is never sent a second time by this page. */
export const post = <T>(path: string, body: object = {}): Promise<T> => request<T>('POST', path, body);

/** Changes something that stands; sent once. */
export const patch = <T>(path: string, body: object): Promise<T> => request<T>('PATCH', path, body);

/** Ends something that stands; sent once. */
export const remove = <T>(path: string, body: object): Promise<T> => request<T>('DELETE', path, body);

async function request<T>(method: string, path: string, body?: object): Promise<T> {
  const token = session.get();
  const headers: Record<string, string> = { accept: 'application/json' };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
    headers['idempotency-key'] = newKey();
  }
  const response = await send(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (response.status === 401 && token !== undefined) closeSession();
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(base + path, { ...init, cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) });
  } catch {
    throw new ApiError(0, 'UNREACHABLE', 'The service did not answer.', 'Check that the engine is running.');
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const message = Array.isArray(problem.message) ? problem.message.join('; ') : problem.message;
  const detail = problem.detail ?? message ?? problem.title ?? `The service answered ${response.status}.`;
  return new ApiError(
    response.status,
    problem.code ?? `HTTP_${response.status}`,
    String(detail),
    problem.hint,
  );
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
