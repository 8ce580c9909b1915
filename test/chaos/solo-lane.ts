import type { Verdict } from '../../src/venue-simulator/faults';
import { decodeClientOrderId } from '../../src/domain/ids';
import type { Scene } from '../support/kill-drill/drill';
import { eventually, forceFills, ownOpen } from '../support/kill-drill/drill';
import type { HoldingProxy } from '../support/kill-drill/holding-proxy';
import { letGo, reach } from '../support/kill-drill/kill-points';
import type { LightEngine } from './engine/light-engine';
import type { Findings } from './judge/findings';
import { of } from './judge/truth';
import { Lane } from './lane';
import type { Point, SoloState } from './plan';
import type { World } from './world';

/** Statements of a boot, in their order; the answer of one of them is withheld. */
const bootStatements = ['register', 'standing', 'load', 'take-lease'] as const;
const queryLagsMs = [0, 0, 500, 3_000] as const;
const stateMs = 20_000;
/** A kill is confirmed by then; the boot of the engine that does it is counted too. */
const killMs = 20_000;
const longFreezeMs = 6_000;

/** One engine, held, killed and started again. */
export class SoloLane extends Lane {
  private constructor(
    place: { readonly name: string; readonly world: World; readonly findings: Findings },
    say: (line: string) => void,
    private readonly engine: LightEngine,
    private readonly proxy: HoldingProxy,
  ) {
    super(place.name, place.world, place.findings, say);
  }

  static async open(
    place: { readonly name: string; readonly world: World; readonly findings: Findings },
    say: (line: string) => void,
  ): Promise<SoloLane> {
    const { engine, proxy } = await place.world.engine(place.name);
    return new SoloLane(place, say, engine, proxy);
  }

  protected get engines(): readonly LightEngine[] {
    return [this.engine];
  }

  protected get scene(): Scene & { readonly engine: LightEngine } {
    const { runtime, venue, database } = this.world;
    return { runtime, venue, database, proxy: this.proxy, engine: this.engine };
  }

  protected begin(): Promise<void> {
    return this.engine.start();
  }

  protected async take(point: Point): Promise<void> {
    const { venue, rng } = this.world;
    venue.faults.delayQueries(queryLagsMs[rng.int(queryLagsMs.length)]!);
    await forceFills(this.scene, 2, 800);
    const state = point.state as SoloState;
    if (state === 'boot') return this.boot();
    if (state === 'stop') return this.stop();
    if (state === 'kill-switch') return this.killSwitch();
    if (state === 'database') return this.databaseLost(point);
    await reach(this.scene, state);
    if (point.ending === 'freeze') return this.freeze();
    if (point.ending === 'cut') return this.cut();
    return this.killAndRestart();
  }

  protected async recover(): Promise<void> {
    await this.engine.kill();
    this.proxy.mend();
    letGo(this.scene, 'drop');
    await this.restart();
  }

  /** What the venue kept is lost or goes on, before the engine is back. */
  private async killAndRestart(): Promise<void> {
    const { rng, runtime } = this.world;
    await this.engine.kill();
    const verdict = this.verdict();
    if (verdict === 'continue' && rng.int(2) === 0) await runtime.sleep(800);
    letGo(this.scene, verdict);
    await forceFills(this.scene, rng.int(3), 300);
    await this.restart();
  }

  /**
   * The life of a lease and the drain after it are skipped: the process that held it is dead and nothing it sent is on
   * its way. Nor is this about the breaker that stops an engine which dies again and again.
   */
  private async restart(): Promise<void> {
    const { database } = this.world;
    await database.query("update strategy_leases set expires_at = clock_timestamp() - interval '4 s'");
    await database.query('update engines set stopped_at = clock_timestamp() where stopped_at is null');
    await this.engine.start();
  }

  private async freeze(): Promise<void> {
    const { rng, runtime } = this.world;
    this.engine.pause();
    await runtime.sleep(100 + rng.int(rng.int(4) === 0 ? longFreezeMs : 1_200));
    await forceFills(this.scene, rng.int(2), 200);
    this.proxy.release();
    letGo(this.scene, this.verdict());
    this.engine.resume();
  }

  private async cut(): Promise<void> {
    const { rng, runtime } = this.world;
    this.proxy.cut();
    await runtime.sleep(100 + rng.int(1_500));
    letGo(this.scene, this.verdict());
    await forceFills(this.scene, rng.int(2), 200);
    await runtime.sleep(rng.int(1_500));
    this.proxy.mend();
  }

  /** Held at one of its first statements: the database knows the boot, the venue has no order of it. */
  private async boot(): Promise<void> {
    const { database, venue, rng } = this.world;
    await this.engine.kill();
    await database.query("update strategy_leases set expires_at = clock_timestamp() - interval '4 s'");
    await database.query('update engines set stopped_at = clock_timestamp() where stopped_at is null');
    const statement = bootStatements[rng.int(bootStatements.length)]!;
    this.proxy.holdNext(statement, 'answer');
    this.engine.spawn();
    const nonceOf = async (): Promise<string | undefined> => {
      const rows = await database.query<{ nonce: string }[]>(
        'select nonce from engines where stopped_at is null',
      );
      return this.proxy.isHolding ? rows[0]?.nonce : undefined;
    };
    const nonce = await eventually(this.scene, `held at ${statement}`, nonceOf, stateMs);
    await forceFills(this.scene, 1, 200);
    await this.engine.kill();
    const sent = venue
      .creates()
      .some(({ clientOrderId }) => decodeClientOrderId(clientOrderId)?.nonce === nonce);
    if (sent) throw new Error(`${nonce} has sent orders already`);
    letGo(this.scene, 'drop');
    await this.restart();
  }

  /** Killed between the first cancels of a stop and their answers. */
  private async stop(): Promise<void> {
    const { venue, database } = this.world;
    await this.ownQuotes();
    venue.faults.holdNext('cancel-received', 3);
    this.engine.askToStop();
    await eventually(this.scene, 'a stop with held cancels', () => venue.faults.held().length >= 2, stateMs);
    if (!this.engine.isAlive) throw new Error('the engine has ended before its cancels were answered');
    const rows = await database.query<unknown[]>('select 1 from engines where stopped_at is null');
    if (rows.length === 0) throw new Error('the boot counts as ended before its cancels were answered');
    await this.killAndRestart();
  }

  /** Killed between a durable kill and the answers to its cancels; the next boot has to finish it. */
  private async killSwitch(): Promise<void> {
    const { world } = this;
    const { strategyId, number } = world.sessions[world.rng.int(world.sessions.length)]!;
    const scope = ['global', `account:${world.account.id}`, `strategy:${strategyId}`][world.rng.int(3)]!;
    const isIn = (id: string): boolean =>
      !scope.startsWith('strategy:') || decodeClientOrderId(id)?.strategyNumber === number;
    await this.ownQuotes();
    world.venue.faults.holdNext('cancel-received', 2);
    void this.engine.ask({ ask: 'kill', scopeKey: scope });
    const committed = await eventually(this.scene, `${scope} halted`, () => this.committedAtHalt(), stateMs);
    const isHeld = (): boolean => world.venue.faults.held().length > 0;
    await eventually(this.scene, `cancels of ${scope} held`, isHeld, stateMs);
    await this.killAndRestart();
    const left = () => ownOpen(this.scene).filter((order) => isIn(order.clientOrderId));
    world.venue.faults.delayQueries(0);
    await eventually(this.scene, `nothing left in ${scope}`, () => left().length === 0, killMs);
    await world.runtime.sleep(500);
    const late = [...(await this.committed())].filter((id) => isIn(id) && !committed.has(id));
    const words = late.map((id) => `${id} was committed under ${scope}`);
    this.found(
      of('halts', [...words, ...left().map((order) => `${order.clientOrderId} rests under ${scope}`)]),
    );
    await world.database.query(`select lift_halts($1, 'chaos', 'the drill is over')`, [scope]);
  }

  /** The intents that were durable when the halt became visible; undefined while it is not. One statement: one moment. */
  private async committedAtHalt(): Promise<ReadonlySet<string> | undefined> {
    const rows = await this.world.database.query<{ ids: string[] }[]>(
      `select (select coalesce(array_agg(client_order_id), '{}') from client_orders) as ids
       from halts where lifted_at is null`,
    );
    return rows[0] && new Set(rows[0].ids);
  }

  private async committed(): Promise<ReadonlySet<string>> {
    const rows = await this.world.database.query<{ id: string }[]>(
      `select client_order_id as id from client_orders where slot_key not like 'adopted-%'`,
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** What an earlier boot left may rest for a while: this waits for orders of this one. */
  private ownQuotes(): Promise<unknown> {
    const isMine = (id: string): boolean => decodeClientOrderId(id)?.nonce === this.engine.nonce;
    const mine = () => ownOpen(this.scene).filter(({ clientOrderId }) => isMine(clientOrderId));
    return eventually(this.scene, 'orders of this boot rest', () => mine().length >= 3, stateMs * 2);
  }

  /** The database ends without a word and comes back; the engine lives through it, or dies in the middle. */
  private async databaseLost({ ending }: Point): Promise<void> {
    const { world } = this;
    await world.crashDatabase();
    await forceFills(this.scene, 2, 500);
    await world.runtime.sleep(world.rng.int(1_500));
    const creates = world.venue.creates().length;
    await world.runtime.sleep(600); // What was committed before has been sent by now, or will not be.
    const since = world.venue.creates().slice(creates + 1);
    if (ending === 'kill') await this.engine.kill();
    await world.restartDatabase();
    this.found(
      of(
        'intents',
        since.map((create) => `${create.clientOrderId} was sent with the database down`),
      ),
    );
    if (ending === 'kill') await this.restart();
  }

  private verdict(): Verdict {
    return this.world.rng.int(2) === 0 ? 'drop' : 'continue';
  }
}
