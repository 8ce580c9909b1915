import 'reflect-metadata';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { createApp } from './boot/create-app';
import { Ending } from './boot/ending';
import type { Way } from './boot/ending';
import { firstMinute } from './boot/first-minute';
import { handOverTrading } from './boot/hand-over';
import { Narrator } from './boot/narrator';
import type { Place } from './boot/places';
import { isServed, openDatabase } from './boot/places';
import { isDemoName, seedDemo } from './boot/seed-demo';
import { StartError } from './boot/start-error';
import { closingMs, stopTrading } from './boot/stop';
import type { Settings } from './config/load-config';
import { loadConfig, SettingsError } from './config/load-config';
import { HandoverService } from './modules/admin/handover.service';
import { AuthService, adminUser } from './modules/auth/auth.service';
import { FleetService } from './modules/dashboard/fleet.service';
import { ExecutionService } from './modules/execution/execution.service';
import { FillLogService } from './modules/market-making/ledger/fill-log.service';
import { StrategyService } from './modules/market-making/strategy/strategy.service';
import { createRealRuntime } from './runtime/real-runtime';
import type { Runtime } from './runtime/runtime';
import { demoAccounts, furtherDemoAccounts, keyOf } from './venue-simulator/venue-accounts';
import { VenueStateError } from './venue-simulator/venue-journal.store';
import { startVenueSimulator } from './venue-simulator/venue-simulator';

const seedShownMs = 3_000;
const { binance, okx, gate } = demoAccounts;
const demoKeys = { binance: keyOf(binance), okx: keyOf(okx), gate: keyOf(gate) };

interface Simulator {
  readonly origin: string;
  readonly isOwn: boolean;
  stop(): Promise<void>;
}

async function main(): Promise<void> {
  const runtime = createRealRuntime();
  const { settings, warnings } = loadConfig(runtime);
  for (const { name, found, expected } of warnings)
    process.stderr.write(`warning  ${name}: ${found}; ${expected}\n`);
  const database = await openDatabase(settings, runtime);
  const simulator = await openSimulator(settings, runtime);
  const simOrigin = simulator?.origin;
  const app = await createApp({ settings, runtime, databaseUrl: database.url, simOrigin });
  stopOnSignal(app, runtime, settings, [simulator, database]);
  await listen(app, settings);
  const seeding = seed(app, settings, database, simulator);
  await Promise.race([seeding, runtime.sleep(seedShownMs)]);
  await show(app, settings, database, simulator);
  await seeding;
  narrate(app, runtime);
}

async function seed(
  app: INestApplication,
  settings: Settings,
  database: Place,
  simulator: Simulator | undefined,
): Promise<void> {
  const strategies = await app.get(StrategyService, { strict: false }).list();
  const isDemo = settings.demo === 'on' || (settings.demo === 'auto' && database.isEmbedded);
  const isOfDemo = strategies.every(({ name }) => isDemoName(name));
  if (isDemo && simulator && isOfDemo) await seedDemo(app, demoKeys);
}

/** From here on a line per change of what is quoted, per reason and per fill. */
function narrate(app: INestApplication, runtime: Runtime): void {
  const narrator = new Narrator();
  const write = (text: string): void => void process.stdout.write(`${text}\n`);
  app.get(FleetService, { strict: false }).frames.subscribe(({ rows, atMs }) => {
    for (const line of narrator.lines(rows, atMs)) write(line);
  });
  app.get(FillLogService, { strict: false }).onFill((fill) => write(narrator.fill(fill, runtime.now())));
}

async function openSimulator(settings: Settings, runtime: Runtime): Promise<Simulator | undefined> {
  if (settings.isProduction && settings.demo !== 'on') return undefined;
  const origin = `http://127.0.0.1:${settings.simPort}`;
  if (settings.simPort !== 0 && (await isServed(runtime, origin))) {
    return { origin, isOwn: false, stop: () => Promise.resolve() };
  }
  const server = await startVenueSimulator({
    ...{ runtime, port: settings.simPort, seed: settings.simSeed, accounts: furtherDemoAccounts },
    ...(settings.simAdminPort === undefined ? {} : { adminPort: settings.simAdminPort }),
    stateDir: join(settings.dataDir, 'venue'),
  }).catch((error: unknown) => {
    if (error instanceof VenueStateError)
      throw new StartError('DATA_DIR', error.message, 'Remove the folder to start the venue afresh.');
    throw new StartError('SIM_PORT', String(error), 'SIM_PORT=<a free port>, or 0 to take one.');
  });
  return { origin: server.origin, isOwn: true, stop: () => server.stop() };
}

async function listen(app: INestApplication, { port, host }: Settings): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new StartError('PORT', found, 'PORT=<a free port>, or stop what uses it.');
  }
}

async function show(
  app: INestApplication,
  settings: Settings,
  database: Place,
  simulator: Simulator | undefined,
): Promise<void> {
  const execution = app.get(ExecutionService, { strict: false });
  const { venues } = execution.health();
  const strategies = await app.get(StrategyService, { strict: false }).list();
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const isLive = venues.length > 0 && venues.every((venue) => venue.publicLive && venue.privateLive);
  const isAsked =
    strategies.every(({ desiredState }) => desiredState !== 'running') ||
    (venues.length > 0 && venues.every((venue) => venue.isReconciled));
  const doubt = execution
    .sessions()
    .flatMap((session) => session.orders)
    .filter((order) => order.status === 'UNKNOWN');
  const lines = [
    { isTrue: true, name: 'config', text: `${Object.keys(settings).length} settings` },
    {
      isTrue: true,
      name: 'database',
      text: `${database.isEmbedded ? 'embedded Postgres' : 'Postgres'}, migrated`,
    },
    {
      isTrue: isLive,
      name: 'venues',
      text: `${simulator ? `simulator ${simulator.origin}` : 'no simulator'}`,
    },
    {
      isTrue: isAsked,
      name: 'recovery',
      text: isAsked ? `${doubt.length} unresolved` : 'the accounts are being asked for what rests there',
    },
    { isTrue: true, name: 'clock', text: `${settings.tickMs} ms, ${strategies.length} strategies` },
  ];
  const link = `${url}/#t=${app.get(AuthService, { strict: false }).linkToken()}`;
  const mode = settings.liveTrading ? 'LIVE TRADING ALLOWED' : 'SIM  (live trading is off)';
  const password = settings.isNewPassword ? settings.adminPassword : undefined;
  process.stdout.write(
    firstMinute({ node: process.versions.node, mode, lines, url, user: adminUser, link, password }),
  );
}

/** Ctrl-C, SIGTERM and a handover that a person asks for: orders first, then the rest. */
function stopOnSignal(
  app: INestApplication,
  runtime: Runtime,
  settings: Settings,
  places: readonly ({ stop(): Promise<void> } | undefined)[],
): void {
  const ending = new Ending();
  const end = async (way: Way): Promise<void> => {
    const leave = way === 'handover' ? handOverTrading : stopTrading;
    const isConfirmed = await leave(app, runtime, settings.stopGraceMs).catch(() => false);
    const closing = app.close().then(async () => {
      for (const place of places) await place?.stop();
    });
    await Promise.race([closing, runtime.sleep(closingMs(settings.stopGraceMs))]).catch(() => undefined);
    process.exit(isConfirmed ? 0 : 1);
  };
  const wish = (way: Way, isSignal: boolean): boolean => {
    const step = ending.wish(way, isSignal);
    if (step === 'begin') void end(way);
    if (step === 'cut short') app.get(ExecutionService, { strict: false }).handover.cutShort();
    if (step === 'exit') process.exit(1);
    return step === 'begin';
  };
  process.on('SIGTERM', () => wish(settings.isHandoverOnSigterm ? 'handover' : 'stop', true));
  process.on('SIGINT', () => wish('stop', true));
  app.get(HandoverService, { strict: false }).endBy(() => wish('handover', false));
}

/** One block per problem: what, what was found, what to do. */
function explain(error: unknown): string {
  if (error instanceof SettingsError) {
    const blocks = error.problems.map(
      ({ name, found, expected, line }) =>
        `${name}\n  found     ${found}\n  expected  ${expected}\n  add       ${line}\n`,
    );
    return blocks.join('\n');
  }
  if (error instanceof StartError)
    return `${error.what}\n  found     ${error.found}\n  do        ${error.fix}\n`;
  return `start failed\n  found     ${error instanceof Error ? error.message : String(error)}\n`;
}

void main().catch((error: unknown) => {
  process.stderr.write(explain(error));
  process.exit(1);
});
