import type { Notice } from '../../../src/modules/execution/common/notices';
import type { Engine } from '../../../src/modules/execution/engine';
import type { MemoryStore } from '../../../src/modules/execution/store/memory-store';
import type { OrderRow } from '../../../src/modules/execution/store/types';
import { limits } from '../../../src/venue-simulator/binance/rate-meter';
import type { Host } from '../host';
import type { World } from '../world';
import { AccountJudge } from './account-judge';
import { BookTruth } from './book-truth';
import { CancelJudge } from './cancel-judge';
import { Coverage } from './coverage';
import { CrossJudge } from './cross-judge';
import { Ears } from './ears';
import { isInexcusable } from './excuses';
import { FundsJudge } from './funds-judge';
import { HaltJudge } from './halt-judge';
import { LossJudge } from './loss-judge';
import { LostJudge } from './lost-judge';
import { PacingJudge } from './pacing-judge';
import { PostingsJudge } from './postings-judge';
import { RateJudge } from './rate-judge';
import { RestartJudge } from './restart-judge';
import { SecretJudge } from './secret-judge';
import { SwitchJudge } from './switch-judge';
import { StaleJudge } from './stale-judge';
import { Timings } from './timings';
import { VenueBooks } from './venue-books';

/** Views and books are read every so many seconds. */
const shownEvery = 30;

/** Every judge beside the oracle itself, and what each of them is told. */
export class Judges {
  readonly ears: Ears;
  private readonly funds: FundsJudge;
  private readonly rates: RateJudge;
  private readonly stale: StaleJudge;
  private readonly losses: LossJudge;
  private readonly restarts: RestartJudge;
  private readonly secrets: SecretJudge;
  private readonly postings: PostingsJudge;
  private readonly halts: HaltJudge;
  private readonly switches: SwitchJudge;
  readonly coverage = new Coverage();
  readonly timings: Timings;
  private probes = 0;

  constructor(private readonly world: World) {
    const { findings, database, plan, oracle, venue } = world;
    const now = (): number => world.now();
    this.funds = new FundsJudge(findings, database, plan);
    const { limitsEachKind } = venue.reader;
    this.rates = new RateJudge({ findings, now, limitsEachKind, meter: venue.meter, limits });
    this.stale = new StaleJudge({
      ...{ findings, plan, view: oracle.view, now, hostOf: (name) => world.hostOf(name) },
      bookOf: (host) => oracle.books.get(host),
      silentUntil: (host) => this.rates.silentUntil(host),
      wordOf: (host, id) => oracle.words.of(host, id),
    });
    this.losses = new LossJudge(world);
    this.restarts = new RestartJudge(world);
    this.halts = new HaltJudge(findings);
    this.switches = new SwitchJudge(world);
    this.secrets = new SecretJudge(findings);
    this.postings = new PostingsJudge(findings, database);
    this.timings = new Timings(world);
    const { funds, rates, stale, losses, secrets, coverage, timings } = this;
    const listeners = [
      ...[new AccountJudge(findings), new PacingJudge(findings, oracle.view, now), this.halts, this.switches],
      ...[
        new CrossJudge(findings, oracle.view, now),
        ...(plan.rates.has('X5') ? [] : [new LostJudge(findings, oracle.view)]),
      ],
    ];
    this.ears = new Ears([oracle, funds, rates, stale, losses, secrets, coverage, timings, ...listeners]);
  }

  /** An engine is made and has not traded yet. */
  booted(engine: Engine, host: Host): void {
    const { findings } = this.world;
    const { name } = host.parts;
    const freeFrom = (): number => Math.max(this.rates.silentUntil(name), host.frozenUntil);
    new CancelJudge({ findings, now: () => this.world.now(), freeFrom, name }).watch(engine);
    this.restarts.booted(host);
    this.coverage.booted();
  }

  /** The database was set back to an older copy. */
  setBack(): void {
    this.world.oracle.setBack();
    this.postings.setBack();
    this.halts.setBack();
    this.switches.setBack();
  }

  noticed(notice: Notice): void {
    this.secrets.noticed(notice);
    this.coverage.noticed(notice);
    this.switches.noticed(notice);
    const says = (): string => `${notice.code} ${notice.detail} is excused by nothing`;
    this.world.findings.check('I20', !isInexcusable(notice), says);
  }

  /** A text for people, such as an error that a host has caught. */
  wrote(text: string): void {
    this.secrets.wrote(text);
  }

  /** Asked every second. */
  probe(): void {
    const host = this.world.host();
    this.stale.probe(host);
    this.losses.probe();
    this.switches.probe();
    this.timings.probe();
    this.coverage.probe(host);
    this.probes += 1;
    if (this.probes % shownEvery !== 0) return;
    this.postings.judge();
    if (!host.runtime.isDead) this.secrets.shown(host);
  }

  /** Asked once, when every session has stopped. */
  end(): void {
    const { database } = this.world;
    this.switches.end();
    this.funds.judgeAll();
    this.postings.judge();
    this.secrets.shown(this.world.host());
    this.secrets.stored(database.postings());
    this.secrets.stored(rowsOf(database));
  }
}

export const truthOf = (world: World): BookTruth =>
  new BookTruth({
    ...{ findings: world.findings, plan: world.plan, now: () => world.now() },
    reader: world.venue.reader,
    venueBooks: new VenueBooks(world.core),
    engineOf: (host) => world.hostOf(host)?.engine,
  });

/** Every row of an order, read past every fault. */
const rowsOf = (store: MemoryStore): Iterable<OrderRow> =>
  (store as unknown as { readonly orders: ReadonlyMap<string, OrderRow> }).orders.values();
