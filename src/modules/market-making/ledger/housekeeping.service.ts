import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { RUNTIME } from '../../../config/tokens';
import type { Runtime, Timer } from '../../../runtime/runtime';
import { LedgerRepository } from './ledger.repository';

const dayMs = 86_400_000;
const name = 'order-events';

/** Jobs that keep the database small. Nothing that trades depends on them. */
@Injectable()
export class HousekeepingService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('housekeeping');
  private timer: Timer | undefined;

  constructor(
    private readonly scheduler: SchedulerRegistry,
    private readonly ledger: LedgerRepository,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = this.runtime.timers.every(dayMs, () => void this.run());
    this.scheduler.addInterval(name, this.timer);
  }

  onApplicationShutdown(): void {
    if (this.timer) this.runtime.timers.clear(this.timer);
  }

  private async run(): Promise<void> {
    await this.ledger.deleteOldOrderEvents().catch((error: unknown) => {
      this.logger.warn(`old order events stay for another day: ${String(error)}`);
    });
  }
}
