import type { DynamicModule, FactoryProvider, OnApplicationShutdown, Type } from '@nestjs/common';
import { Inject, Module } from '@nestjs/common';
import type { Runtime } from '../../runtime/runtime';
import { ClockService } from './clock/clock.service';
import { CircuitBreaker } from './common/circuit-breaker.service';
import { RateLimiter } from './common/rate-limiter.service';
import { ConnectorFactory } from './connectors/connector.factory';
import type { Engine } from './engine';
import type { EngineConfig, EnginePorts } from './create-engine';
import { createEngine } from './create-engine';
import { ExecutionService } from './execution.service';
import { OrderExecutor } from './executors/order-executor.service';
import type { Store } from './store/types';
import { ClientOrderTracker } from './trackers/client-order-tracker.service';
import { OrderBookTracker } from './trackers/order-book-tracker.service';
import { UserStreamTracker } from './trackers/user-stream-tracker.service';

const ENGINE = Symbol('engine');

/** What the host of the module supplies: the seams of the engine and what it wants to be told. */
export interface ExecutionHost extends EnginePorts {
  readonly runtime: Runtime;
  readonly store: Store;
  readonly config: EngineConfig;
}

export interface ExecutionModuleOptions {
  readonly imports?: DynamicModule['imports'];
  readonly inject?: FactoryProvider['inject'];
  // Nest resolves `inject` into the factory's parameters, whose types only the host knows.
  readonly useFactory: (...dependencies: never[]) => ExecutionHost | Promise<ExecutionHost>;
}

const part = <T>(provide: Type<T>, of: (engine: Engine) => T): FactoryProvider<T> => ({
  provide,
  inject: [ENGINE],
  useFactory: of,
});

const parts = [
  part(ClockService, (engine) => engine.clock),
  part(OrderBookTracker, (engine) => engine.books),
  part(UserStreamTracker, (engine) => engine.userStreams),
  part(ClientOrderTracker, (engine) => engine.orders),
  part(ConnectorFactory, (engine) => engine.connectors),
  part(OrderExecutor, (engine) => engine.executor),
  part(RateLimiter, (engine) => engine.limiter),
  part(CircuitBreaker, (engine) => engine.breaker),
  part(ExecutionService, (engine) => new ExecutionService(engine)),
];

/** The Nest door of the engine: one factory builds it, its parts are injectable, callers use ExecutionService. */
@Module({})
export class ExecutionModule implements OnApplicationShutdown {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}

  static register(options: ExecutionModuleOptions): DynamicModule {
    const engine: FactoryProvider<Promise<Engine>> = {
      provide: ENGINE,
      inject: options.inject ?? [],
      useFactory: async (...dependencies) => {
        const host = await options.useFactory(...(dependencies as never[]));
        return createEngine(host.runtime, host.store, host.config, host);
      },
    };
    return {
      module: ExecutionModule,
      imports: options.imports ?? [],
      providers: [engine, ...parts],
      exports: parts.map((provider) => provider.provide),
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.engine.shutdown();
  }
}
