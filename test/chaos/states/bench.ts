import type { Verdict } from '../../../src/venue-simulator/faults';
import { decodeClientOrderId } from '../../../src/domain/ids';
import { eventually, forceFills, ownOpen } from '../../support/kill-drill/drill';
import type { HoldingProxy } from '../../support/kill-drill/holding-proxy';
import { letGo } from '../../support/kill-drill/kill-points';
import type { LightEngine } from '../engine/light-engine';
import type { Words } from '../judge/truth';
import type { LaneScene } from '../lane';
import type { World } from '../world';

/** How long a state may take to be met. */
export const stateMs = 20_000;
const ownQuotes = 3;

/** One engine in its world, and where what is found about it is told. */
export interface Bench {
  readonly world: World;
  readonly engine: LightEngine;
  readonly proxy: HoldingProxy;
  readonly scene: LaneScene;
  found(words: Words): void;
}

export const verdictOf = ({ world }: Bench): Verdict => (world.rng.int(2) === 0 ? 'drop' : 'continue');

/**
 * The life of a lease and the drain after it are skipped: the process that held it is dead and nothing it sent is on
 * its way.
 */
export async function endLeases({ world }: Bench): Promise<void> {
  await world.database.query("update strategy_leases set expires_at = clock_timestamp() - interval '4 s'");
}

/** Nor is a restart about the breaker that stops an engine which dies again and again. */
export async function forgetDeaths({ world }: Bench): Promise<void> {
  await world.database.query('update engines set stopped_at = clock_timestamp() where stopped_at is null');
}

export async function restart(bench: Bench): Promise<void> {
  await endLeases(bench);
  await forgetDeaths(bench);
  await bench.engine.start();
}

/** What the venue kept is lost or goes on, before the engine is back. */
export async function killAndRestart(bench: Bench): Promise<void> {
  const { rng, runtime } = bench.world;
  await bench.engine.kill();
  const verdict = verdictOf(bench);
  if (verdict === 'continue' && rng.int(2) === 0) await runtime.sleep(800);
  letGo(bench.scene, verdict);
  await forceFills(bench.scene, rng.int(3), 300);
  await restart(bench);
}

/** The creates that this boot has put on the wire. */
export const createsOf = ({ venue }: World, nonce: string) =>
  venue.creates().filter(({ clientOrderId }) => decodeClientOrderId(clientOrderId)?.nonce === nonce);

/** What an earlier boot left may rest for a while: this waits for orders of this one. */
export function quotesOfThisBoot({ scene, engine }: Bench): Promise<unknown> {
  const isMine = (id: string): boolean => decodeClientOrderId(id)?.nonce === engine.nonce;
  const mine = () => ownOpen(scene).filter(({ clientOrderId }) => isMine(clientOrderId));
  return eventually(scene, 'orders of this boot rest', () => mine().length >= ownQuotes, stateMs * 2);
}
