import type { INestApplication } from '@nestjs/common';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import type { App } from 'supertest/types';
import type { DataSource } from 'typeorm';
import { createApp } from '../../src/boot/create-app';
import type { Settings } from '../../src/config/load-config';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { testDatabase, testDatabaseUrl } from '../support/test-database';

const settings: Settings = {
  isProduction: false,
  host: '127.0.0.1',
  port: 0,
  logLevel: 'error',
  stopGraceMs: 5_000,
  isHandoverOnSigterm: false,
  databaseUrl: undefined,
  dataDir: mkdtempSync(join(tmpdir(), 'mm-http-')),
  adminPassword: 'correct horse battery',
  isNewPassword: false,
  adminToken: undefined,
  credentialsKek: Buffer.alloc(32, 7),
  tickMs: 1_000,
  engineId: 'test',
  buildId: '0.0.0',
  simPort: 0,
  simAdminPort: undefined,
  simSeed: 1,
  demo: 'off',
  liveTrading: false,
  limits: { maxOrderNotional: undefined, dailyLossRatio: 0.1, drawdownRatio: 0.1, exposure: {} },
};

describe('bad input', () => {
  let app: INestApplication<App>;
  let database: DataSource;
  let token = '';
  const runtime = createRealRuntime();
  const post = (path: string): request.Test =>
    request(app.getHttpServer()).post(`/api/v1${path}`).set('authorization', `Bearer ${token}`);

  beforeAll(async () => {
    database = await testDatabase();
    app = await createApp({ settings, runtime, databaseUrl: testDatabaseUrl(), simOrigin: undefined });
    await app.init();
    const body = { username: 'admin', password: settings.adminPassword };
    const answer = await request(app.getHttpServer()).post('/api/v1/auth/login').send(body).expect(200);
    token = (answer.body as { accessToken: string }).accessToken;
  }, 60_000);

  afterAll(async () => {
    await app?.close();
    await database?.destroy();
    await runtime.close();
  });

  const plan = {
    accountId: '01990000-0000-7000-8000-000000000001',
    symbol: 'BTC/USDT',
    preset: 'balanced',
    allocation: { base: '1', quote: '1000' },
  };

  it.each([
    ['an unknown field', { ...plan, simbol: 'x' }, 400, 'UNKNOWN_FIELD', '/simbol'],
    [
      'a number for money',
      { ...plan, allocation: { base: 1, quote: '1' } },
      422,
      'DECIMAL_STRING_REQUIRED',
      '/allocation/base',
    ],
    [
      'an exponent',
      { ...plan, allocation: { base: '1e3', quote: '1' } },
      422,
      'DECIMAL_STRING_REQUIRED',
      '/allocation/base',
    ],
    ['a missing allocation', { ...plan, allocation: undefined }, 422, 'REQUIRED', '/allocation'],
    ['a wrong id', { ...plan, accountId: 'x' }, 400, 'TYPE_MISMATCH', '/accountId'],
    ['a wrong preset', { ...plan, preset: 'wild' }, 422, 'OUT_OF_RANGE', '/preset'],
  ])('%s names its field', async (_, body, status, code, pointer) => {
    const answer = await post('/strategies/plan').send(body).expect(status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status, code, errors: [{ pointer, code }] });
  });

  it('suggests the nearest field', async () => {
    const answer = await post('/strategies/plan').send({ ...plan, simbol: 'x' });
    expect(answer.body).toMatchObject({ hint: 'Did you mean symbol?' });
  });

  it('malformed JSON is 400', async () => {
    const answer = await post('/strategies/plan').type('application/json').send('{"a":').expect(400);
    expect(answer.body).toMatchObject({ code: 'MALFORMED_JSON' });
  });

  it('a body that is not JSON is 415', async () => {
    const answer = await post('/strategies/plan').type('text/plain').send('hello').expect(415);
    expect(answer.body).toMatchObject({ code: 'MEDIA_TYPE_UNSUPPORTED' });
  });

  it('an unknown route is 404 and JSON', async () => {
    const answer = await request(app.getHttpServer()).get('/api/v1/no-such-thing').expect(404);
    expect(answer.body).toMatchObject({ code: 'ROUTE_NOT_FOUND' });
  });

  it.each(['/strategies/nothing/start', '/user-orders/nothing/start'])('%s is 404', async (path) => {
    const answer = await post(path).send({}).expect(404);
    expect(answer.body).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('nothing is answered without a login', async () => {
    const answer = await request(app.getHttpServer()).get('/api/v1/strategies').expect(401);
    expect(answer.body).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('a wrong password is 401', async () => {
    const body = { username: 'admin', password: 'wrong' };
    const answer = await request(app.getHttpServer()).post('/api/v1/auth/login').send(body).expect(401);
    expect(answer.body).toMatchObject({ code: 'BAD_CREDENTIALS' });
  });
});
