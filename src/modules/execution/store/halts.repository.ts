import type { StoreConnection } from './store-connection.repository';
import { switchRows } from './switches.repository';
import type { Halt, HaltedScope, NewHalt, Store } from './types';

type Standing = Awaited<ReturnType<Store['standing']>>;

export async function kill(connection: StoreConnection, halt: NewHalt): Promise<HaltedScope> {
  const { scopeKey, level, reason, actor } = halt;
  const rows = await connection.query<{ readonly done: HaltedScope }>(
    'halt-scope',
    'select halt_scope($1, $2, $3, $4) as done',
    [scopeKey, level, reason, actor],
  );
  return rows[0]!.done;
}

export async function liftHalt(
  connection: StoreConnection,
  { scopeKey, actor, reason }: Parameters<Store['liftHalt']>[0],
): Promise<readonly Halt[]> {
  const sql = 'select lift_halts($1, $2, $3) as lifted';
  const rows = await connection.query<{ readonly lifted: readonly Halt[] }>('lift-halts', sql, [
    ...[scopeKey, actor, reason],
  ]);
  return rows[0]?.lifted ?? [];
}

/** Every engine asks it each second; what it answers is from one moment. */
export async function standing(connection: StoreConnection, ownerId: string): Promise<Standing> {
  const sql = `select standing($1) as found, ${switchRows} as switches`;
  const rows = await connection.query<{
    readonly found: Omit<Standing, 'switches'>;
    readonly switches: Standing['switches'];
  }>('standing', sql, [ownerId]);
  const { found, switches } = rows[0]!;
  return { ...found, switches };
}
