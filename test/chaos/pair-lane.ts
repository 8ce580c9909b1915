import { Client } from 'pg';
import { decodeClientOrderId } from '../../src/domain/ids';
import type { Scene } from '../support/kill-drill/drill';
import { eventually, forceFills } from '../support/kill-drill/drill';
import type { HoldingProxy } from '../support/kill-drill/holding-proxy';
import type { LightEngine } from './engine/light-engine';
import type { Findings } from './judge/findings';
import { of } from './judge/truth';
import { Lane } from './lane';
import type { Point } from './plan';
import type { World } from './world';

interface Place {
  readonly name: string;
  readonly world: World;
  readonly findings: Findings;
}

interface Seat {
  readonly engine: LightEngine;
  readonly proxy: HoldingProxy;
}

/** The life of a lease and the drain after it, and what a look at it may add. */
const takeoverMs = 40_000;
const shortLeaseMs = 1_200;
const commitTries = 12;
const stateMs = 10_000;
const afterWakeMs = 2_500;

/** Two engines on one database and venue; one leases the strategies, the other waits for them. */
export class PairLane extends Lane {
  private constructor(
    place: Place,
    say: (line: string) => void,
    private owner: Seat,
    private other: Seat,
  ) {
    super(place.name, place.world, place.findings, say);
  }

  static async open(place: Place, say: (line: string) => void): Promise<PairLane> {
    const { world, name } = place;
    return new PairLane(place, say, await world.engine(`${name}-a`), await world.engine(`${name}-b`));
  }

  protected get engines(): readonly LightEngine[] {
    return [this.owner.engine, this.other.engine];
  }

  protected get scene(): Scene & { readonly engine: LightEngine } {
    const { runtime, venue, database } = this.world;
    return { runtime, venue, database, ...this.owner };
  }

  protected async begin(): Promise<void> {
    await this.owner.engine.start();
    await this.quotes();
    await this.other.engine.start();
  }

  protected async take({ state, ending }: Point): Promise<void> {
    await this.forgetDeaths();
    // By its own word: a boot that is still under way would wait for other locks than that of a lease.
    const isWaiting = (): boolean => this.other.engine.output().includes('another engine holds the lease');
    await eventually(this.scene, 'the other engine waits for the leases', isWaiting, takeoverMs);
    await forceFills(this.scene, 2, 800);
    if (state === 'takeover') return this.takeover(ending === 'freeze');
    const owner = this.owner;
    if (state === 'owner-killed') await owner.engine.kill();
    else if (state === 'owner-paused') owner.engine.pause();
    else owner.proxy.cut();
    await this.successorCreates();
    const sentBefore = this.createsOf(owner).length;
    if (state === 'owner-killed') await owner.engine.start();
    else if (state === 'owner-paused') owner.engine.resume();
    else owner.proxy.mend();
    await this.assertSilent(owner, sentBefore);
  }

  protected async recover(): Promise<void> {
    for (const { engine, proxy } of [this.owner, this.other]) {
      await engine.kill();
      proxy.mend();
      proxy.disarm();
    }
    this.world.venue.faults.clearAll();
    await this.forgetDeaths();
    await this.world.database.query(
      "update strategy_leases set expires_at = clock_timestamp() - interval '4 s'",
    );
    await this.begin();
  }

  /** Boots that ended without a word are forgotten: this is not about the breaker that counts them. */
  private async forgetDeaths(): Promise<void> {
    const live = [this.owner.engine.ownerId, this.other.engine.ownerId];
    const sql = `update engines set stopped_at = clock_timestamp() where stopped_at is null and owner_id <> all ($1)`;
    await this.world.database.query(sql, [live]);
  }

  /** The other one has the lease by its own doing, waits out the drain and quotes; from then on it is the owner. */
  private async successorCreates(): Promise<void> {
    const before = this.createsOf(this.other).length;
    [this.owner, this.other] = [this.other, this.owner];
    const created = (): boolean => this.createsOf(this.owner).length > before;
    await eventually(this.scene, 'the successor creates', created, takeoverMs);
  }

  /** Whoever lost the lease puts no create on the wire, whatever it was about to do. */
  private async assertSilent({ engine }: Seat, sentBefore: number): Promise<void> {
    await this.world.runtime.sleep(afterWakeMs);
    const late = this.createsOf({ engine }).slice(sentBefore);
    this.found(
      of(
        'epochs',
        late.map((create) => `${create.clientOrderId} was sent after its lease was lost`),
      ),
    );
  }

  private createsOf({ engine }: Pick<Seat, 'engine'>) {
    return this.world.venue
      .creates()
      .filter(({ clientOrderId }) => decodeClientOrderId(clientOrderId)?.nonce === engine.nonce);
  }

  /**
   * The owner's commit has read the lease and waits for the balances, which are locked; the lease runs out, and the
   * successor waits for its row. Both calls are open at once when the owner dies, or stops for a while.
   */
  private async takeover(isFrozen: boolean): Promise<void> {
    const { world, owner } = this;
    const lock = new Client({ connectionString: world.server.url.toString() });
    await lock.connect();
    try {
      await this.blockCommit(lock);
      const waits = (call: string) => async () => (await this.waiting(call)) > 0;
      await eventually(this.scene, 'the successor waits for the lease', waits('take_lease'), stateMs);
      if ((await this.waiting('commit_intents')) === 0) throw new Error('the commit of the owner is over');
      if (isFrozen) owner.engine.pause();
      else await owner.engine.kill();
      await lock.query('rollback');
    } finally {
      await lock.end();
    }
    await this.successorCreates();
    const sentBefore = this.createsOf(owner).length;
    if (isFrozen) owner.engine.resume();
    else await owner.engine.start();
    await this.assertSilent(owner, sentBefore);
  }

  private async blockCommit(lock: Client): Promise<void> {
    const { database, runtime } = this.world;
    await lock.query(`set lock_timeout = '100ms'`);
    for (let tries = 0; tries < commitTries; tries += 1) {
      await lock.query('begin');
      const isReady = await lock
        .query(
          `update strategy_leases set expires_at = clock_timestamp() + $1 * interval '1 ms' where not halted`,
          [shortLeaseMs],
        )
        .then(() => lock.query('commit'))
        .then(() => lock.query('begin'))
        .then(() => lock.query(`select 1 from balances where holder like 'strategy:%' for update`))
        .then(() => true)
        .catch(() => false);
      const until = runtime.monotonic() + shortLeaseMs + 200;
      while (isReady && runtime.monotonic() < until) {
        if ((await this.waiting('commit_intents')) > 0) {
          await database.query('select 1');
          return;
        }
        await runtime.sleep(15);
      }
      await lock.query('rollback');
    }
    throw new Error(`no commit of the owner was met in ${commitTries} tries`);
  }

  /** Calls of this name that wait for a lock now. */
  private async waiting(call: string): Promise<number> {
    const rows = await this.world.database.query<{ n: number }[]>(
      `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like $1`,
      [`select ${call}(%`],
    );
    return rows[0]!.n;
  }
}
