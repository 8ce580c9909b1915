import type { MemoryStore } from '../../../src/modules/execution/store/memory-store';
import type { OrderLogLine, OrderRow } from '../../../src/modules/execution/store/types';
import type { Fill } from '../../../src/domain/fill';
import type { CoreEvent, OwnTrade, VenueCore } from '../../../src/venue-simulator/venue-types';
import type { WireEar } from '../link';
import type { DialectReader } from '../l2/dialect-reader';
import { apiKey } from '../seed-plan';
import type { SeedPlan } from '../seed-plan';
import type { StoreCall, StoreEar } from '../store-adapter';
import type { SeenRequest, WireAnswer } from '../wire';
import type { VenueRules } from '../venue-rules';
import { BanJudge } from './ban-judge';
import { BookJudge } from './book-judge';
import type { BookTruth } from './book-truth';
import type { Findings } from './findings';
import { OrderWords } from './order-words';
import { RulesJudge } from './rules-judge';
import type { Standing } from './venue-view';
import { VenueView } from './venue-view';

/** A read of so few levels asks for the newest update id alone. */
const probeLimit = '5';

export interface OracleParts {
  readonly plan: SeedPlan;
  readonly core: VenueCore;
  readonly rules: VenueRules;
  readonly reader: DialectReader;
  readonly store: MemoryStore;
  readonly findings: Findings;
  readonly now: () => number;
  readonly installation: () => string | undefined;
  readonly truth: BookTruth;
}

interface Flight {
  readonly side: 'buy' | 'sell';
  readonly lots: number;
  readonly strategy: number;
}

type OrderEvent = Extract<CoreEvent, { type: 'order' }>;

/** The judge: the venue's ledger, the frames that were delivered and the rows that are durable. */
export class Oracle implements WireEar, StoreEar {
  readonly view: VenueView;
  readonly words: OrderWords;
  readonly books = new Map<string, BookJudge>();
  readonly planted: { readonly symbol: string; readonly orderId: number }[] = [];
  readonly counts = {
    creates: 0,
    cancels: 0,
    requests: 0,
    replies: 0,
    frames: 0,
    fills: 0,
    balanceRejects: 0,
    duplicates: 0,
  };
  readonly outcomes = new Map<string, number>();
  /** Strategies whose stop was asked for, by host and number: no create of them may leave that host any more. */
  readonly stopped = new Set<string>();
  private readonly bans: BanJudge;
  private readonly rules: RulesJudge;
  private readonly epochs = new Map<number, number>();
  private readonly flights = new Map<string, Flight>();
  readonly arrivedIds = new Set<string>();
  private isSetBack = false;
  private readonly createIds = new Set<string>();

  constructor(private readonly parts: OracleParts) {
    this.view = new VenueView(parts.core, parts.plan, parts.reader, parts.installation, (event, standing) =>
      this.onOrder(event, standing),
    );
    const { findings, now } = parts;
    this.words = new OrderWords(findings);
    this.bans = new BanJudge(findings, now, parts.reader.limitsEachKind);
    this.rules = new RulesJudge(
      parts.rules,
      findings,
      now,
      parts.plan.limitCodes?.includes('ORDER_COUNT_LIMIT') === true,
    );
  }

  /** A person who trades on the account may meet one: it is then filled, or expired in the match, and not cancelled. */
  plantedLost(): readonly number[] {
    const { core } = this.parts;
    return this.planted
      .filter(
        ({ symbol, orderId }) => core.order({ account: apiKey, symbol, orderId })?.status === 'CANCELED',
      )
      .map(({ orderId }) => orderId);
  }

  left(request: SeenRequest): void {
    this.counts.requests += 1;
    this.bans.left(request);
    if (request.kind === 'create') this.onCreateLeft(request);
    if (request.kind === 'cancel') this.onCancelLeft(request);
  }

  arrived(request: SeenRequest): void {
    if (request.kind === 'create') this.arrivedIds.add(request.clientOrderId);
    this.flights.delete(request.clientOrderId);
  }

  gone(request: SeenRequest): void {
    this.flights.delete(request.clientOrderId);
  }

  answered(request: SeenRequest, answer: WireAnswer | undefined, isVenues: boolean): void {
    this.counts.replies += 1;
    this.bans.answered(request, answer);
    this.rules.answered(request, answer);
    const { body } = answer ?? {};
    const row = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    const { code } = row;
    if (code === undefined || Array.isArray(body)) {
      if (request.kind !== 'depth' || answer?.status !== 200) return;
      if (request.params.get('limit') === probeLimit) this.book(request).newest(row);
      else if (!this.parts.reader.hasWholeBooks) this.book(request).snapshot(row, isVenues);
      return;
    }
    const key = `${request.kind} ${JSON.stringify(code)}`;
    this.outcomes.set(key, (this.outcomes.get(key) ?? 0) + 1);
    const text = String(row['msg']);
    if (request.kind !== 'create') return;
    if (text.includes('insufficient balance')) this.counts.balanceRejects += 1;
  }

  delivered(stream: 'public' | 'private', text: string, host: string, isVenues: boolean): void {
    this.counts.frames += 1;
    const word = stream === 'public' ? this.parts.reader.book(text) : undefined;
    if (word) this.bookOf(host).frame(word, isVenues);
  }

  connected(stream: 'public' | 'private', isOpen: boolean, host: string, others: number): void {
    if (stream === 'public') this.bookOf(host).connected(isOpen, others);
  }

  applied(name: StoreCall, args: readonly unknown[], result: unknown): void {
    if (name !== 'recordFills') return;
    const fills = args[0] as readonly {
      readonly instrument: string;
      readonly tradeId: string;
      readonly side: string;
    }[];
    const results = result as readonly { readonly kind: string }[];
    fills.forEach(({ instrument, tradeId, side }, i) => {
      const isReal = this.view.hasTrade(instrument.replace('/', ''), tradeId, side);
      const says = (): string => `a fill row without its venue trade: ${instrument} ${tradeId} ${side}`;
      this.parts.findings.check('I4', isReal || results[i]?.kind !== 'booked', says);
    });
  }

  logged(lines: readonly OrderLogLine[], host: string): void {
    this.words.logged(lines, host);
  }

  private onCreateLeft(request: SeenRequest): void {
    const { params, clientOrderId: id } = request;
    const { findings } = this.parts;
    this.counts.creates += 1;
    if (this.createIds.has(id)) this.counts.duplicates += 1;
    findings.check('I12', !this.createIds.has(id), () => `${id} left twice`, id);
    this.createIds.add(id);
    this.rules.left(request);
    const standing = this.view.strategyOf(id);
    findings.check('I12', standing !== undefined, () => `${id} names no strategy of ours`, id);
    if (!standing) return;
    const { market, number } = standing.plan;
    const isStopped = this.stopped.has(`${request.host}|${number}`);
    findings.check('I16', !isStopped, () => `${id} left after its strategy was stopped`, id);
    const side = params.get('side') === 'BUY' ? 'buy' : 'sell';
    const lots = Number(params.get('quantity')) / Number(market.lotSize);
    const ticks = Number(params.get('price')) / Number(market.tickSize);
    this.checkLegal(id, standing, { lots, ticks });
    this.flights.set(id, { side, lots: Math.round(lots), strategy: number });
    this.checkExposure(standing, side, id);
    this.checkDurable(id);
    this.book(request).judge(id, { symbol: market.symbol, side, ticks: Math.round(ticks) });
  }

  private checkLegal(
    id: string,
    { plan }: Standing,
    { lots, ticks }: { readonly lots: number; readonly ticks: number },
  ): void {
    const { market } = plan;
    const value = lots * Number(market.lotSize) * ticks * Number(market.tickSize);
    const isLegal =
      isWhole(lots) && isWhole(ticks) && value >= Number(market.minNotional) - 1e-6 && lots >= 0.999;
    this.parts.findings.check('I11', isLegal, () => `${id} ${lots} lots at ${ticks} ticks`, id);
  }

  private checkExposure(standing: Standing, side: 'buy' | 'sell', id: string): void {
    const { plan, live, positionLots } = standing;
    let open = 0;
    for (const order of live.values()) if (order.side === side) open += order.quantity - order.filled;
    for (const flight of this.flights.values())
      if (flight.strategy === plan.number && flight.side === side) open += flight.lots;
    const worst = side === 'buy' ? positionLots + open : positionLots - open;
    const { maxLots, minLots } = standing;
    const isInside = side === 'buy' ? worst <= maxLots + 1 : worst >= minLots - 1;
    const says = (): string =>
      `${side} ${id}: position ${positionLots} with ${open} open, limits ${minLots}..${maxLots}`;
    this.parts.findings.check('I1', isInside, says, id);
  }

  private checkDurable(id: string): void {
    const row = rowOf(this.parts.store, id);
    this.parts.findings.check('I13', row !== undefined, () => `${id} left without a durable intent`, id);
  }

  private onCancelLeft(request: SeenRequest): void {
    this.counts.cancels += 1;
    const { clientOrderId: id } = request;
    const isOurs = this.view.strategyOf(id) !== undefined;
    this.parts.findings.check('I26', isOurs, () => `a cancel names ${id || 'no client id'}`, id);
  }

  private onOrder(event: OrderEvent, standing: Standing): void {
    const { findings } = this.parts;
    const { order, trade, execution } = event;
    const id = order.clientOrderId;
    if (trade) {
      this.counts.fills += 1;
      findings.check('I10', trade.isMaker, () => `${id} took ${trade.quantity} lots`, id);
    }
    if (execution === 'NEW') {
      this.checkCross(standing, order.symbol);
      this.checkOwner(standing, id);
    }
    const isPrevented = order.status === 'EXPIRED_IN_MATCH' && !this.parts.plan.rates.has('O22');
    findings.check('I9', !isPrevented, () => `${id} met an order of ours`, id);
  }

  /** Another history of the database begins: its tenures count anew. */
  setBack(): void {
    this.isSetBack = true;
    this.words.setBack();
    this.epochs.clear();
  }

  /** I14: once a create of a newer tenure was accepted, none of an older one is. */
  private checkOwner({ plan }: Standing, id: string): void {
    const row = rowOf(this.parts.store, id);
    if (!row && this.isSetBack) return; // The row of what was on its way may be lost with the history it was in.
    const epoch = row?.epoch ?? -1;
    const newest = this.epochs.get(plan.number) ?? 0;
    const says = (): string => `${id} of epoch ${epoch} was accepted after one of epoch ${newest}`;
    this.parts.findings.check('I14', epoch >= newest, says, id);
    this.epochs.set(plan.number, Math.max(epoch, newest));
  }

  private checkCross({ plan }: Standing, symbol: string): void {
    let bid = -Infinity;
    let ask = Infinity;
    for (const { plan: other, live } of this.view.standings.values()) {
      if (other.market.symbol !== symbol) continue;
      for (const order of live.values()) {
        if (order.side === 'buy') bid = Math.max(bid, order.price);
        else ask = Math.min(ask, order.price);
      }
    }
    this.parts.findings.check(
      'I9',
      bid < ask,
      () => `own bid ${bid} and own ask ${ask} on ${symbol} (${plan.number})`,
    );
  }

  private book(request: SeenRequest): BookJudge {
    const judge = this.bookOf(request.host);
    judge.about(request.params.get('symbol') ?? '');
    return judge;
  }

  private bookOf(host: string): BookJudge {
    const known = this.books.get(host);
    if (known) return known;
    const { findings, plan, now, truth } = this.parts;
    const own = (symbol: string, ticks: number): number => this.view.ownAt(symbol, ticks);
    const made = new BookJudge(findings, plan.markets, now, { host, truth, own });
    this.books.set(host, made);
    return made;
  }
}

/** The durable row of an order, read past every fault. */
export function rowOf(store: MemoryStore, clientOrderId: string): OrderRow | undefined {
  return (store as unknown as { readonly orders: ReadonlyMap<string, OrderRow> }).orders.get(clientOrderId);
}

/** The trade has its fill row, read past every fault. */
export function isBooked(store: MemoryStore, { symbol, tradeId, orderId, side }: OwnTrade): boolean {
  const { fills } = store as unknown as { readonly fills: ReadonlyMap<string, Fill> };
  for (const fill of fills.values())
    if (
      fill.tradeId === String(tradeId) &&
      fill.venueOrderId === String(orderId) &&
      fill.side === side &&
      fill.instrument.replace('/', '') === symbol
    )
      return true;
  return false;
}

const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;
