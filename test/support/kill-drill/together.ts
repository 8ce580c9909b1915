import type { Scene } from './drill';

/** An order at the moment the venue took it, and ours that rested on the same side of the market then. */
export interface Together {
  readonly id: string;
  readonly besides: readonly string[];
}

/**
 * Orders that rested at one moment in one slot of one strategy, as their rows name it; in words. An order without a row
 * says nothing here: its slot went with the history that lost it.
 */
export async function sharedSlots(
  { database }: Pick<Scene, 'database'>,
  all: readonly Together[],
): Promise<readonly string[]> {
  const rows = await database.query<{ id: string; slot: string }[]>(
    `select client_order_id as id, strategy_id || ' ' || slot_key as slot from client_orders`,
  );
  const slots = new Map(rows.map(({ id, slot }) => [id, slot]));
  return all.flatMap(({ id, besides }) => {
    const slot = slots.get(id);
    const others = besides.filter((other) => other !== id && slots.get(other) === slot);
    return slot === undefined ? [] : others.map((other) => `${id} came beside ${other} in ${slot}`);
  });
}
