import type { DynamicModule } from '@nestjs/common';
import { Logger, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { ServeStaticModule } from '@nestjs/serve-static';
import { TypeOrmModule } from '@nestjs/typeorm';
import { join } from 'node:path';
import { ConfigModule } from './config/config.module';
import type { Settings } from './config/load-config';
import { dataSourceOptions } from './database/data-source';
import { schemaVersion } from './database/migrations';
import { ProblemFilter } from './http/problem.filter';
import { AccountsHttpModule } from './modules/accounts/accounts-http.module';
import { AccountsModule } from './modules/accounts/accounts.module';
import { AccountsService } from './modules/accounts/accounts.service';
import { AdminModule } from './modules/admin/admin.module';
import { AuthModule } from './modules/auth/auth.module';
import { DashboardModule } from './modules/dashboard/dashboard.module';
import type { ExecutionHost } from './modules/execution/execution.module';
import { ExecutionModule } from './modules/execution/execution.module';
import { PostgresStore } from './modules/execution/store/postgres-store.repository';
import { HealthModule } from './modules/health/health.module';
import { FillLogService } from './modules/market-making/ledger/fill-log.service';
import { LedgerModule } from './modules/market-making/ledger/ledger.module';
import { StrategyModule } from './modules/market-making/strategy/strategy.module';
import { UserOrdersModule } from './modules/market-making/user-orders/user-orders.module';
import { RiskModule } from './modules/risk/risk.module';
import type { Runtime } from './runtime/runtime';

/** What the process found out before the modules are built. */
export interface AppOptions {
  readonly settings: Settings;
  readonly runtime: Runtime;
  readonly databaseUrl: string;
  readonly simOrigin: string | undefined;
}

/** The list of modules, and the one place that joins the engine to its host. */
@Module({})
export class AppModule {
  static register(options: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.register(options.settings, options.runtime),
        TypeOrmModule.forRoot({ ...dataSourceOptions(options.databaseUrl), retryAttempts: 0 }),
        ScheduleModule.forRoot(),
        ServeStaticModule.forRoot({
          rootPath: join(__dirname, '..', 'dist-web'),
          exclude: ['/api/{*rest}', '/health/{*rest}', '/docs/{*rest}'],
        }),
        { ...engineOf(options), global: true },
        ...[AuthModule, AccountsHttpModule, LedgerModule, StrategyModule, UserOrdersModule],
        ...[DashboardModule, HealthModule, RiskModule, AdminModule],
      ],
      providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
    };
  }
}

function engineOf({ runtime, settings, databaseUrl, simOrigin }: AppOptions): DynamicModule {
  const logger = new Logger('engine');
  return ExecutionModule.register({
    imports: [AccountsModule, LedgerModule],
    inject: [AccountsService, FillLogService],
    useFactory: (credentials: AccountsService, fillSink: FillLogService): ExecutionHost => ({
      runtime,
      store: new PostgresStore(databaseUrl, runtime),
      config: {
        tickMs: settings.tickMs,
        engineId: settings.engineId,
        build: { id: settings.buildId, schemaVersion },
        limits: settings.limits,
        ...(simOrigin === undefined ? {} : { simOrigin }),
      },
      credentials,
      fillSink,
      notify: ({ severity, code, detail, strategyId }) => {
        const text = [code, detail, strategyId].filter(Boolean).join(' ');
        if (severity === 'page') logger.error(text);
        else if (severity === 'warn') logger.warn(text);
        else logger.debug(text);
      },
    }),
  });
}
