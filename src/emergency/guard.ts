import { decodeClientOrderId } from '../domain/ids';
import type { ExchangeConnector } from '../modules/execution/connectors/types';
import type { Runtime } from '../runtime/runtime';
import type { LastResort } from './last-resort';
import { OwnOrderSweep } from './own-order-sweep';
import { Watchdog } from './watchdog';

/** The watchdog on real accounts: what it needs of the database is read while it answers, for when it does not. */
export function guard(runtime: Runtime, resort: LastResort, say: (line: string) => void): Watchdog {
  const connectors = new Map<string, ExchangeConnector>();
  let installation: string | undefined;
  const prepare = async (accountId: string): Promise<void> => {
    installation ??= await resort.records.installation();
    if (connectors.has(accountId)) return;
    const connector = await resort.connectorOf(await resort.accounts.get(accountId));
    connectors.set(accountId, connector);
    say(`ready for account ${accountId}`);
  };
  const sweep = async (accountId: string, dead: () => ReadonlySet<number>): Promise<boolean> => {
    const connector = connectors.get(accountId);
    if (!connector) throw new Error('its keys have not been read');
    const isDead = (clientOrderId: string): boolean => {
      const id = decodeClientOrderId(clientOrderId);
      return id?.installation === installation && id !== undefined && dead().has(id.strategyNumber);
    };
    const isWanted = ({ clientOrderId = '' }: { readonly clientOrderId?: string }): boolean =>
      isDead(clientOrderId);
    const tell = (text: string): void => say(`account ${accountId} ${text}`);
    const once = new OwnOrderSweep({ runtime, connector, isWanted, tell });
    const { isSwept } = await once.run(Infinity, () => dead().size > 0);
    if (!isSwept) say(`account ${accountId} left to an engine that lives`);
    return isSwept;
  };
  return new Watchdog({
    ...{ runtime, sweep, say },
    read: () => resort.records.leased(),
    prepare: (accountId) =>
      void prepare(accountId).catch((error: unknown) =>
        say(`account ${accountId} not ready: ${String(error)}`),
      ),
  });
}
