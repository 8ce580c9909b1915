import { unbookedOf } from '../../../src/domain/order';
import type { Report } from '../../../src/domain/order';
import { applyReport } from '../../../src/modules/execution/trackers/apply-report';
import { fences } from '../../../src/modules/execution/trackers/reconcile';
import { withHttp, withOutage } from './helpers';
import type { Mutant } from './mutant';

/** Bugs in what a word about an order does to it. */
export const orderMutants: readonly Mutant[] = [
  {
    id: 'M01',
    bug: 'any create error marks the order done',
    expect: ['I3', 'I1', 'I15'],
    row: 'T3',
    plant: ({ reached }) => ({
      parts: {
        applyReport: (order, report) => {
          if (report.kind !== 'ambiguous' || order.acknowledged || order.ended)
            return applyReport(order, report);
          reached();
          const end = { why: 'rejected', code: 'ERROR', at: report.atMs } as const;
          return applyReport(order, { kind: 'refused', at: report.at, atMs: report.atMs, end });
        },
      },
    }),
  },
  {
    id: 'M03',
    bug: 'a cancel counts as done when it is sent',
    expect: ['I1', 'I3'],
    row: 'T1',
    plant: ({ reached }) => ({
      engine: ({ orders, runtime }) => {
        const command = orders.command.bind(orders);
        orders.command = (id, word) => {
          command(id, word);
          const order = orders.get(id);
          if (word !== 'CANCEL_SENT' || !order || order.ended) return;
          reached();
          const [at, atMs] = [runtime.monotonic(), runtime.now()];
          const end = { why: 'canceled', at: atMs } as const;
          const seen: Report = { kind: 'seen', at, atMs, filled: order.maxFilled, end, source: 'reply' };
          orders.apply(id, seen);
        };
      },
    }),
  },
  {
    id: 'M05',
    bug: 'the reply to a create opens an order that has filled',
    expect: ['I15'],
    row: 'O14',
    plant: ({ reached }) => ({
      parts: {
        applyReport: (order, report) => {
          const isReply = report.kind === 'seen' && report.source === 'reply' && !report.end;
          if (!isReply || order.ended?.why !== 'filled') return applyReport(order, report);
          reached();
          return { order: { ...order, maxFilled: report.filled, ended: undefined }, effects: [] };
        },
      },
    }),
  },
  {
    id: 'M09',
    bug: 'a create that timed out is forgotten as failed after 30 s',
    expect: ['I4', 'I3', 'I15'],
    drill: (world) => withOutage(world, { fromMs: 60_000, forMs: 45_000, as: 'deaf' }),
    plant: ({ reached }) => ({
      engine: ({ orders, runtime }) => {
        const apply = orders.apply.bind(orders);
        const forget = (id: string): void => {
          const order = orders.get(id);
          if (!order || order.acknowledged || order.ended) return;
          reached();
          const [at, atMs] = [runtime.monotonic(), runtime.now()];
          apply(id, { kind: 'absent', at, atMs, end: { why: 'absent', at: atMs } });
        };
        orders.apply = (id, report) => {
          if (report.kind === 'ambiguous') runtime.timers.set(30_000, () => forget(id));
          apply(id, report);
        };
      },
    }),
  },
  {
    id: 'M12',
    bug: "a missing fill is booked from the order's total",
    expect: ['I4'],
    row: 'S7',
    plant: ({ reached }) => ({
      engine: ({ orders, runtime }) => {
        const onOrderReport = orders.onOrderReport.bind(orders);
        orders.onOrderReport = (venue, accountId, report) => {
          const isKnown = onOrderReport(venue, accountId, report);
          const order = orders.get(report.clientOrderId ?? '');
          const rules = orders.rulesOf(report.clientOrderId ?? '');
          const missing = order ? unbookedOf(order) : 0;
          if (!rules || missing === 0 || report.source === 'ws-order') return isKnown;
          reached();
          const { instrument, venueOrderId, side, price, source } = report;
          orders.onFill(venue, accountId, {
            ...{ instrument, venueOrderId, side, price, source, quantity: rules.quantity(missing) },
            ...{ tradeId: `total-${report.cumFilled}`, clientOrderId: report.clientOrderId ?? '' },
            ...{ fee: '0', feeAsset: rules.quote, liquidity: 'maker', venueTime: runtime.now() },
          });
          return isKnown;
        };
      },
    }),
  },
  {
    id: 'M13',
    bug: 'a create of unknown outcome is sent again with the same id',
    expect: ['I12'],
    row: 'T3',
    plant: ({ reached }) => ({
      runtime: (runtime) =>
        withHttp(runtime, async (request, send) => {
          const answer = await send(request);
          const isCreate = request.method === 'POST' && request.url.endsWith('/order');
          if (!isCreate || !answer.written || (answer.status ?? 500) < 500) return answer;
          reached();
          return send({ ...request, sendBy: runtime.monotonic() + 500, beforeWrite: () => true });
        }),
    }),
  },
  {
    id: 'M10',
    bug: 'a create refused for its balance is tried again every tick',
    expect: ['I18'],
    row: 'O4',
    plant: ({ reached }) => ({
      engine: ({ executor }) => {
        const act = executor.act.bind(executor);
        executor.act = (steps) =>
          act(
            steps.map((step) => ({
              ...step,
              onAnswered: (_order, sent) => (sent.kind === 'rejected' ? reached() : undefined),
            })),
          );
      },
    }),
  },
  {
    id: 'M11',
    bug: 'the account is not asked after a reconnect',
    expect: ['I5', 'I4'],
    row: 'U1',
    plant: ({ reached }) => ({
      engine: ({ userStreams }) => {
        const follow = userStreams.follow.bind(userStreams);
        userStreams.follow = (connector, reconciler) => {
          const streamChanged = reconciler.streamChanged.bind(reconciler);
          reconciler.streamChanged = (isLive) => {
            if (!reconciler.isReady) return streamChanged(isLive);
            reached();
          };
          follow(connector, reconciler);
        };
      },
    }),
  },
  {
    id: 'M17',
    bug: 'a read speaks against an order that it could not have shown yet',
    expect: ['I3', 'I15'],
    drill: (world) => withOutage(world, { fromMs: 60_000, forMs: 14_000, as: 'late' }),
    plant: ({ reached }) => ({
      parts: {
        fences: {
          passesFence: (order, requestedAt) => {
            if (!fences.passesFence(order, requestedAt)) reached();
            return true;
          },
          isPastDeadline: (order, requestedAtMs) => {
            if (!fences.isPastDeadline(order, requestedAtMs)) reached();
            return true;
          },
        },
      },
    }),
  },
  {
    id: 'M20',
    bug: 'an order without an end counts as never sent after a restart',
    expect: ['I17', 'I3', 'I15'],
    row: 'H3',
    plant: ({ reached }) => ({
      engine: ({ orders, runtime }) => {
        const load = orders.load.bind(orders);
        orders.load = (row, rules, databaseNow) => {
          load(row, rules, databaseNow);
          if (row.ended || row.venueOrderId !== undefined) return;
          reached();
          const [at, atMs] = [runtime.monotonic(), runtime.now()];
          const end = { why: 'denied', code: 'RESTARTED', at: atMs } as const;
          orders.apply(row.clientOrderId, { kind: 'denied', at, atMs, end });
        };
      },
    }),
  },
];
