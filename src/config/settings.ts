import { z } from 'zod';

const within = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `a whole number from ${least} to ${most}`);

const whole = (least: number, most: number, fallback: number) =>
  within(least, most).prefault(String(fallback));

const flag = (fallback: 'true' | 'false') =>
  z
    .enum(['true', 'false'], 'true or false')
    .prefault(fallback)
    .transform((value) => value === 'true');

const text = z.string().optional();
const money = z
  .string()
  .regex(/^(0|[1-9]\d*)(\.\d+)?$/, 'an amount like 50000 or 0.5')
  .refine((amount) => Number(amount) > 0, 'an amount above 0')
  .optional();

/** Every setting there is. Empty in the environment means absent. */
export const settingsSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'], 'development, test or production')
    .prefault('development'),
  HOST: z.string().prefault('127.0.0.1'),
  PORT: whole(0, 65_535, 3000),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug'], 'error, warn, info or debug').prefault('info'),
  STOP_GRACE_MS: whole(1_000, 600_000, 25_000),
  HANDOVER_ON_SIGTERM: flag('false'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'an address like postgres://user:password@host:5432/name')
    .optional(),
  DATA_DIR: z.string().prefault('./.data'),
  ADMIN_PASSWORD: text,
  ADMIN_TOKEN: z.string().min(32, 'at least 32 characters').optional(),
  CREDENTIALS_KEK: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, '32 bytes in base64')
    .optional(),
  TICK_MS: whole(100, 60_000, 1_000),
  ENGINE_ID: text,
  SIM_PORT: whole(0, 65_535, 7101),
  SIM_ADMIN_PORT: within(0, 65_535).optional(),
  SIM_SEED: whole(0, 4_294_967_295, 42),
  DEMO: z.enum(['auto', 'on', 'off'], 'auto, on or off').prefault('auto'),
  LIVE_TRADING: flag('false'),
  MAX_ORDER_QUOTE: money,
  MAX_EXPOSURE_OWNER: money,
  MAX_EXPOSURE_ACCOUNT: money,
  MAX_EXPOSURE_VENUE: money,
  MAX_EXPOSURE_GLOBAL: money,
  MAX_DAILY_LOSS_PERCENT: whole(1, 100, 10),
  MAX_DRAWDOWN_PERCENT: whole(1, 100, 10),
});

export type SettingName = keyof typeof settingsSchema.shape;
export const settingNames = Object.keys(settingsSchema.shape) as readonly SettingName[];
export type ParsedSettings = Readonly<z.output<typeof settingsSchema>>;

interface SettingText {
  readonly group: string;
  readonly example: string;
  readonly about: string;
}

/** What people read about each setting; `.env.example` is made from it. */
export const settingTexts: Readonly<Record<SettingName, SettingText>> = {
  NODE_ENV: { group: 'process', example: 'development', about: 'development, test or production' },
  HOST: { group: 'process', example: '127.0.0.1', about: 'Address the service listens on' },
  PORT: { group: 'process', example: '3000', about: 'Port of the API and the dashboard; 0 takes a free one' },
  LOG_LEVEL: { group: 'process', example: 'info', about: 'error, warn, info or debug' },
  STOP_GRACE_MS: {
    group: 'process',
    example: '25000',
    about: 'Milliseconds a stop may take; what is not confirmed by then is listed',
  },
  HANDOVER_ON_SIGTERM: {
    group: 'process',
    example: 'false',
    about: 'true leaves live orders to another engine on the same database; what none takes is cancelled',
  },
  DATABASE_URL: {
    group: 'database',
    example: '',
    about: 'Empty starts the embedded Postgres; required in production',
  },
  DATA_DIR: {
    group: 'database',
    example: './.data',
    about: 'Directory of the embedded database, of the simulated venue and of generated secrets',
  },
  ADMIN_PASSWORD: {
    group: 'secrets',
    example: '',
    about: 'Password of user admin, at least 12 characters; required in production',
  },
  ADMIN_TOKEN: {
    group: 'secrets',
    example: '',
    about: 'Optional bearer token for scripts, at least 32 characters: openssl rand -base64 32',
  },
  CREDENTIALS_KEK: {
    group: 'secrets',
    example: '',
    about: 'Encrypts exchange keys; required in production: openssl rand -base64 32',
  },
  TICK_MS: { group: 'engine', example: '1000', about: 'Milliseconds between two decisions' },
  ENGINE_ID: { group: 'engine', example: '', about: 'Name of this engine; empty takes the host name' },
  SIM_PORT: { group: 'simulator', example: '7101', about: 'Port of the venue simulator; 0 takes a free one' },
  SIM_ADMIN_PORT: {
    group: 'simulator',
    example: '',
    about: 'Port of what makes the simulated venue fail, on the loopback address; empty opens none',
  },
  SIM_SEED: { group: 'simulator', example: '42', about: 'Seed of the simulated market' },
  DEMO: { group: 'simulator', example: 'auto', about: 'auto seeds a demo into an empty embedded database' },
  LIVE_TRADING: {
    group: 'risk',
    example: 'false',
    about: 'true lets accounts of environment live send orders',
  },
  MAX_ORDER_QUOTE: { group: 'risk', example: '', about: 'Largest value of one order, in its quote currency' },
  MAX_EXPOSURE_OWNER: {
    group: 'risk',
    example: '',
    about: 'Largest value of base held and bid for by one owner, per quote currency',
  },
  MAX_EXPOSURE_ACCOUNT: { group: 'risk', example: '', about: 'The same for one exchange account' },
  MAX_EXPOSURE_VENUE: { group: 'risk', example: '', about: 'The same for one venue' },
  MAX_EXPOSURE_GLOBAL: { group: 'risk', example: '', about: 'The same for everything' },
  MAX_DAILY_LOSS_PERCENT: {
    group: 'risk',
    example: '10',
    about: 'Loss of a UTC day that halts a strategy, of the equity it began with',
  },
  MAX_DRAWDOWN_PERCENT: {
    group: 'risk',
    example: '10',
    about: 'Fall from the best of the day that halts a strategy, of the same equity',
  },
};
