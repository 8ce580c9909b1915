import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Runtime } from '../runtime/runtime';
import { parseDotenv } from './dotenv';
import { readSettings } from './read-settings';
import type { SettingProblem } from './read-settings';
import { storedSecret } from './secrets';
import type { ParsedSettings } from './settings';

/** The resolved settings of this process: frozen, nothing absent that the service needs. */
export interface Settings {
  readonly isProduction: boolean;
  readonly host: string;
  readonly port: number;
  readonly logLevel: ParsedSettings['LOG_LEVEL'];
  readonly stopGraceMs: number;
  readonly isHandoverOnSigterm: boolean;
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly adminPassword: string;
  /** Set when the password was drawn at this start: it is shown once. */
  readonly isNewPassword: boolean;
  readonly adminToken: string | undefined;
  readonly credentialsKek: Buffer;
  readonly tickMs: number;
  readonly engineId: string;
  /** Version of this build. */
  readonly buildId: string;
  readonly simPort: number;
  /** None without one. */
  readonly simAdminPort: number | undefined;
  readonly simSeed: number;
  readonly demo: ParsedSettings['DEMO'];
  readonly liveTrading: boolean;
  readonly limits: LimitSettings;
}

/** What the operator allows. Money in quote currency, losses as shares of equity; absent is no limit. */
export interface LimitSettings {
  readonly maxOrderNotional: string | undefined;
  readonly dailyLossRatio: number;
  readonly drawdownRatio: number;
  readonly exposure: Readonly<Partial<Record<'owner' | 'account' | 'venue' | 'global', string>>>;
}

/** A start that cannot work; each problem becomes one block on the terminal. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly SettingProblem[]) {
    super(problems.map((problem) => problem.name).join(', '));
    this.name = 'SettingsError';
  }
}

/** Reads the environment and `.env`, once. Throws SettingsError with everything that is wrong. */
export function loadConfig(runtime: Runtime): {
  readonly settings: Settings;
  readonly warnings: readonly SettingProblem[];
} {
  const file = existsSync('.env') ? parseDotenv(readFileSync('.env', 'utf8')) : {};
  const { settings, problems, warnings } = readSettings(process.env, file);
  if (!settings) throw new SettingsError(problems);
  return { settings: Object.freeze(resolveSettings(runtime, settings)), warnings };
}

function resolveSettings(runtime: Runtime, parsed: ParsedSettings): Settings {
  const dataDir = resolve(parsed.DATA_DIR);
  const password = parsed.ADMIN_PASSWORD
    ? { value: parsed.ADMIN_PASSWORD, isNew: false }
    : storedSecret(runtime, dataDir, 'admin-password', (bytes) => bytes.toString('base64url').slice(0, 24));
  const kek =
    parsed.CREDENTIALS_KEK ??
    storedSecret(runtime, dataDir, 'credentials-kek', (bytes) => bytes.toString('base64')).value;
  return {
    isProduction: parsed.NODE_ENV === 'production',
    host: parsed.HOST,
    port: parsed.PORT,
    logLevel: parsed.LOG_LEVEL,
    stopGraceMs: parsed.STOP_GRACE_MS,
    isHandoverOnSigterm: parsed.HANDOVER_ON_SIGTERM,
    databaseUrl: parsed.DATABASE_URL,
    dataDir,
    adminPassword: password.value,
    isNewPassword: password.isNew,
    adminToken: parsed.ADMIN_TOKEN,
    credentialsKek: Buffer.from(kek, 'base64'),
    tickMs: parsed.TICK_MS,
    engineId: parsed.ENGINE_ID ?? hostname(),
    buildId: ownVersion(),
    simPort: parsed.SIM_PORT,
    simAdminPort: parsed.SIM_ADMIN_PORT,
    simSeed: parsed.SIM_SEED,
    demo: parsed.DEMO,
    liveTrading: parsed.LIVE_TRADING,
    limits: limitsOf(parsed),
  };
}

function ownVersion(): string {
  const text = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

function limitsOf(parsed: ParsedSettings): LimitSettings {
  const caps = {
    owner: parsed.MAX_EXPOSURE_OWNER,
    account: parsed.MAX_EXPOSURE_ACCOUNT,
    venue: parsed.MAX_EXPOSURE_VENUE,
    global: parsed.MAX_EXPOSURE_GLOBAL,
  };
  return {
    maxOrderNotional: parsed.MAX_ORDER_QUOTE,
    dailyLossRatio: parsed.MAX_DAILY_LOSS_PERCENT / 100,
    drawdownRatio: parsed.MAX_DRAWDOWN_PERCENT / 100,
    exposure: Object.fromEntries(Object.entries(caps).filter(([, cap]) => cap !== undefined)),
  };
}
