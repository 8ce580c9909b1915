import type { Notice } from '../../../src/modules/execution/common/notices';
import type { Engine } from '../../../src/modules/execution/engine';
import { limits } from '../../../src/venue-simulator/binance/rate-meter';
import type { Host } from '../host';
import type { World } from '../world';
import { BookTruth } from './book-truth';
import { CancelJudge } from './cancel-judge';
import { Ears } from './ears';
import { FundsJudge } from './funds-judge';
import { RateJudge } from './rate-judge';
import { StaleJudge } from './stale-judge';
import { VenueBooks } from './venue-books';

/** Every judge beside the oracle itself, and what each of them is told. */
export class Judges {
  readonly ears: Ears;
  private readonly funds: FundsJudge;
  private readonly rates: RateJudge;
  private readonly stale: StaleJudge;

  constructor(private readonly world: World) {
    const { findings, database, plan, oracle, venue } = world;
    const now = (): number => world.now();
    this.funds = new FundsJudge(findings, database, plan);
    this.rates = new RateJudge({ findings, now, meter: venue.meter, limits });
    this.stale = new StaleJudge({
      ...{ findings, plan, view: oracle.view, now, hostOf: (name) => hostOf(world, name) },
      bookOf: (host) => oracle.books.get(host),
      silentUntil: (host) => this.rates.silentUntil(host),
      wordOf: (host, id) => oracle.words.of(host, id),
    });
    this.ears = new Ears([oracle, this.funds, this.rates, this.stale]);
  }

  /** An engine is made and has not traded yet. */
  booted(engine: Engine, host: Host): void {
    const { findings } = this.world;
    const { name } = host.parts;
    const freeFrom = (): number => Math.max(this.rates.silentUntil(name), host.frozenUntil);
    new CancelJudge({ findings, now: () => this.world.now(), freeFrom, name }).watch(engine);
  }

  noticed(_notice: Notice): void {}

  /** Asked every second. */
  probe(): void {
    this.stale.probe(this.world.host());
  }

  /** Asked once, when every session has stopped. */
  end(): void {
    this.funds.judgeAll();
  }
}

export const truthOf = (world: World): BookTruth =>
  new BookTruth({
    ...{ findings: world.findings, plan: world.plan, now: () => world.now() },
    venueBooks: new VenueBooks(world.core),
    engineOf: (host) => hostOf(world, host)?.engine,
  });

const hostOf = (world: World, name: string): Host | undefined => {
  const host = world.host();
  return host.parts.name === name ? host : undefined;
};
