import { eventually, forceFills, ownOpen } from '../support/kill-drill/drill';
import type { LightEngine } from './engine/light-engine';
import { of } from './judge/truth';
import type { LanePlace, LaneScene, Seat } from './lane';
import { Lane } from './lane';
import type { Ending, Point } from './plan';
import { createsOf } from './states/bench';
import { inTakeover } from './states/takeover';

/** The life of a lease and the drain after it, and what a look at it may add. */
const takeoverMs = 40_000;
const afterWakeMs = 2_500;

/** Two engines on one database and venue; one leases the strategies, the other waits for them. */
export class PairLane extends Lane {
  private constructor(
    place: LanePlace,
    private owner: Seat,
    private other: Seat,
  ) {
    super(place);
  }

  static async open(place: LanePlace): Promise<PairLane> {
    const { world, name } = place;
    return new PairLane(place, await world.engine(`${name}-a`), await world.engine(`${name}-b`));
  }

  protected get engines(): readonly LightEngine[] {
    return [this.owner.engine, this.other.engine];
  }

  protected get scene(): LaneScene {
    return this.world.scene(this.owner);
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
    if (state === 'both-killed') return this.bothKilled();
    const how: Ending =
      state === 'owner-killed'
        ? 'kill'
        : state === 'owner-paused'
          ? 'freeze'
          : state === 'takeover'
            ? ending
            : 'cut';
    const owner = this.owner;
    if (state === 'takeover') await inTakeover(this.world, this.scene, () => leave(owner, how));
    else await leave(owner, how);
    await this.successorCreates();
    const sentBefore = this.creates(owner).length;
    await comeBack(owner, how);
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

  /** Nobody is left to look after what rests; the leases and the drain after them take their real time. */
  private async bothKilled(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.kill()));
    if (ownOpen(this.scene).length === 0) throw new Error('nothing rests when both engines are dead');
    await forceFills(this.scene, 2, 400);
    await this.other.engine.start();
    await this.successorCreates();
    await this.other.engine.start();
  }

  /** Boots that ended without a word are forgotten: this is not about the breaker that counts them. */
  private async forgetDeaths(): Promise<void> {
    const live = [this.owner.engine.ownerId, this.other.engine.ownerId];
    const sql = `update engines set stopped_at = clock_timestamp() where stopped_at is null and owner_id <> all ($1)`;
    await this.world.database.query(sql, [live]);
  }

  /** The other one has the lease by its own doing, waits out the drain and quotes; from then on it is the owner. */
  private async successorCreates(): Promise<void> {
    const before = this.creates(this.other).length;
    [this.owner, this.other] = [this.other, this.owner];
    const created = (): boolean => this.creates(this.owner).length > before;
    await eventually(this.scene, 'the successor creates', created, takeoverMs);
    const hasAll = async (): Promise<boolean> => (await this.leasesOf(this.other)) === 0;
    await eventually(this.scene, 'the successor has every lease', hasAll, takeoverMs);
  }

  /** Whoever lost the lease puts no create on the wire, whatever it was about to do. */
  private async assertSilent(former: Seat, sentBefore: number): Promise<void> {
    await this.world.runtime.sleep(afterWakeMs);
    const late = this.creates(former).slice(sentBefore);
    this.found(
      of(
        'epochs',
        late.map((create) => `${create.clientOrderId} was sent after its lease was lost`),
      ),
    );
  }

  private async leasesOf({ engine }: Seat): Promise<number> {
    const sql = 'select count(*)::int as n from strategy_leases where owner_id = $1';
    const rows = await this.world.database.query<{ n: number }[]>(sql, [engine.ownerId]);
    return rows[0]!.n;
  }

  private creates({ engine }: Seat) {
    return createsOf(this.world, engine.nonce);
  }
}

async function leave({ engine, proxy }: Seat, how: Ending): Promise<void> {
  if (how === 'kill') await engine.kill();
  else if (how === 'freeze') engine.pause();
  else proxy.cut();
}

async function comeBack({ engine, proxy }: Seat, how: Ending): Promise<void> {
  if (how === 'kill') await engine.start();
  else if (how === 'freeze') engine.resume();
  else proxy.mend();
}
