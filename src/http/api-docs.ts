import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { anchorOf, problemCodes } from './problem-codes';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

const problemSchema: Schema = {
  type: 'object',
  description: 'RFC 9457. `errors` names every wrong field at once.',
  required: ['type', 'title', 'status', 'code', 'detail', 'hint', 'instance', 'errors', 'retryable'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(problemCodes) },
    detail: { type: 'string' },
    hint: { type: 'string' },
    instance: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          pointer: { type: 'string', description: 'JSON pointer into the body' },
          code: { type: 'string' },
          detail: { type: 'string' },
          hint: { type: 'string' },
        },
      },
    },
    retryable: { type: 'boolean' },
  },
};

/** The routes as an OpenAPI document; every operation may answer a problem. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const info = new DocumentBuilder()
    .setTitle('Market Making Engine')
    .setDescription('Starts and stops strategies and user orders. Money travels as decimal strings.')
    .setVersion('1')
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, info, {
    operationIdFactory: (controller, method) => `${controller.replace(/HttpController$/, '')}.${method}`,
  });
  const problem = {
    description: 'A problem',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      if (!operation) continue;
      operation.responses['default'] = problem;
      operation.tags = (operation.tags ?? []).map((tag) => tag.replace(/Http$/, ''));
    }
  }
  const schemas = { ...document.components?.schemas, Problem: problemSchema };
  return { ...document, components: { ...document.components, schemas } };
}

/** Serves `/docs` (to try routes), `/docs/openapi.json` and `/docs/errors`. */
export function serveDocs(app: INestApplication): void {
  const express = app.getHttpAdapter();
  express.get('/docs/errors', (_request: Request, response: Response) => {
    response.type('html').send(errorsPage());
  });
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    customSiteTitle: 'Routes of the Market Making Engine',
    customCss: '.swagger-ui .topbar { display: none }',
  });
}

function errorsPage(): string {
  const rows = Object.entries(problemCodes).map(
    ([code, { status, title, remedy }]) =>
      `<tr id="${anchorOf(code)}"><th scope="row"><a href="#${anchorOf(code)}">${code}</a></th><td>${status}</td><td>${escaped(title)}</td><td>${escaped(remedy)}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Error codes</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #8884}
tr:target{background:#fc04}</style></head><body><h1>Error codes</h1>
<p>Every refusal is a problem (RFC 9457) whose <code>code</code> stands in this table. <a href="/docs">The routes</a>.</p>
<table><thead><tr><th>Code</th><th>Status</th><th>What it means</th><th>What to do</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></body></html>`;
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
