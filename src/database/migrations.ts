import type { MigrationInterface } from 'typeorm';
import { EngineTables1764000000001 } from './migrations/1764000000001-engine-tables';
import { Ledger1764000000002 } from './migrations/1764000000002-ledger';
import { OrderFunctions1764000000003 } from './migrations/1764000000003-order-functions';
import { MoneyFunctions1764000000004 } from './migrations/1764000000004-money-functions';
import { UserOrders1764000000005 } from './migrations/1764000000005-user-orders';
import { LeasesAndHalts1764000000006 } from './migrations/1764000000006-leases-and-halts';
import { OrderEventWorker1764000000007 } from './migrations/1764000000007-order-event-worker';
import { HaltNotices1764000000021 } from './migrations/1764000000021-halt-notices';
import { Builds1764000000022 } from './migrations/1764000000022-builds';
import { EngineProgress1764000000023 } from './migrations/1764000000023-engine-progress';
import { OrderEventAge1764000000024 } from './migrations/1764000000024-order-event-age';
import { RemovedAccounts1764000000025 } from './migrations/1764000000025-removed-accounts';
import { AdoptWithFills1764000000026 } from './migrations/1764000000026-adopt-with-fills';
import { VenueSwitches1764000000030 } from './migrations/1764000000030-venue-switches';
import { Handover1764000000031 } from './migrations/1764000000031-handover';

/** The schema, in order. Append only: a migration that has run anywhere is never edited. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  EngineTables1764000000001,
  Ledger1764000000002,
  OrderFunctions1764000000003,
  MoneyFunctions1764000000004,
  UserOrders1764000000005,
  LeasesAndHalts1764000000006,
  OrderEventWorker1764000000007,
  HaltNotices1764000000021,
  Builds1764000000022,
  EngineProgress1764000000023,
  OrderEventAge1764000000024,
  RemovedAccounts1764000000025,
  AdoptWithFills1764000000026,
  VenueSwitches1764000000030,
  Handover1764000000031,
];

const versionOf = (migration: new () => MigrationInterface): number => Number(migration.name.slice(-13));

/** The schema this build knows: the number of its last migration. */
export const schemaVersion = Math.max(...migrations.map(versionOf));
