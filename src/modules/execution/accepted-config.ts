import { DomainError } from '../../domain/errors';
import type { Instrument, InstrumentId } from '../../domain/instrument';
import type { MarketMakingConfig } from './controllers/market-making.config';
import { parseMarketMakingConfig } from './controllers/market-making.config';
import type { OpenAccount } from './engine';

/** The configuration of a strategy and the rules of its instrument. Throws DomainError when either is refused. */
export function acceptedConfig(
  account: OpenAccount,
  wanted: { readonly instrument: InstrumentId; readonly config: unknown },
): { readonly config: MarketMakingConfig; readonly rules: Instrument } {
  const parsed = parseMarketMakingConfig(wanted.config);
  if (!parsed.ok) {
    const hint = 'Correct the fields named in errors.';
    throw new DomainError('CONFIG_INVALID', 'the configuration is refused', hint, parsed.problems);
  }
  const rules = account.rules.get(wanted.instrument);
  if (rules) return { config: parsed.config, rules };
  const hint = 'Choose a symbol that the venue of the account lists.';
  throw new DomainError('INSTRUMENT_UNKNOWN', `${wanted.instrument} is not listed`, hint);
}
