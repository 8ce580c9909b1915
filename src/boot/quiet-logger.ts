import type { LogLevel } from '@nestjs/common';
import { ConsoleLogger } from '@nestjs/common';

const chatter: ReadonlySet<unknown> = new Set([
  ...['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication'],
]);

/** The log without what the framework says about its own start. */
export class QuietLogger extends ConsoleLogger {
  constructor(logLevels: LogLevel[]) {
    super({ logLevels });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!chatter.has(rest.at(-1))) super.log(message, ...rest);
  }
}
