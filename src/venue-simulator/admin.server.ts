import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AdminProblem } from './admin-fields';
import type { AdminRoute } from './admin-fields';
import { adminRoutes } from './admin-routes';
import type { AdminParts } from './admin-routes';
import { closeServer, listenLocally, readBody, sendJson } from './loopback.server';

/** JSON over HTTP on a loopback port of its own: what a test or a person does to the venue behind its clients' backs. */
export class AdminServer {
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));
  private readonly routes: ReadonlyMap<string, AdminRoute>;

  constructor(parts: AdminParts) {
    this.routes = adminRoutes(parts);
  }

  listen(port: number): Promise<number> {
    return listenLocally(this.server, port);
  }

  stop(): Promise<void> {
    return closeServer(this.server);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const [path = '', query = ''] = (request.url ?? '').split('?');
      const route = this.routes.get(`${request.method} ${path}`);
      if (!route) return sendJson(response, 404, { error: `no such route: ${request.method} ${path}` });
      const text = await readBody(request);
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      sendJson(response, 200, route({ ...Object.fromEntries(new URLSearchParams(query)), ...body }));
    } catch (error) {
      const isTheirs = error instanceof AdminProblem || error instanceof SyntaxError;
      sendJson(response, isTheirs ? 400 : 500, { error: String(error) });
    }
  }
}
