import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import type { AppOptions } from '../app.module';
import { AppModule } from '../app.module';
import { serveDocs } from '../http/api-docs';
import { refuseOtherMediaTypes } from '../http/media-type';
import { problemsBeforeRoutes } from '../http/problem.filter';
import { createValidationPipe } from '../http/validation';
import { QuietLogger } from './quiet-logger';

const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    objectSrc: ["'none'"],
    frameAncestors: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
  },
};

/** The page that tries out routes writes its styles and icons into itself. */
const docsPolicy = {
  useDefaults: false,
  directives: {
    ...contentSecurityPolicy.directives,
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
  },
};

/** The Nest application with everything that stands before its routes. */
export async function createApp(options: AppOptions): Promise<INestApplication> {
  const levels = { error: 0, warn: 1, info: 2, debug: 3 };
  const names = ['error', 'warn', 'log', 'debug'] as const;
  const logger = new QuietLogger(names.slice(0, levels[options.settings.logLevel] + 1));
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(options), {
    ...{ logger, abortOnError: false, bodyParser: false },
  });
  app.use(helmet({ contentSecurityPolicy }));
  app.use('/docs', helmet({ contentSecurityPolicy: docsPolicy }));
  app.use('/api', refuseOtherMediaTypes);
  app.useBodyParser('json', { limit: '100kb', type: ['application/json', 'application/merge-patch+json'] });
  app.use(problemsBeforeRoutes);
  app.useGlobalPipes(createValidationPipe());
  serveDocs(app);
  return app;
}
