import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { Runtime } from '../runtime/runtime';
import type { Settings } from './load-config';
import { RUNTIME, SETTINGS } from './tokens';

/** Makes the settings and the Runtime injectable everywhere. */
@Module({})
export class ConfigModule {
  static register(settings: Settings, runtime: Runtime): DynamicModule {
    const providers = [
      { provide: SETTINGS, useValue: settings },
      { provide: RUNTIME, useValue: runtime },
    ];
    return { module: ConfigModule, global: true, providers, exports: [SETTINGS, RUNTIME] };
  }
}
