import type { Report } from '../../../src/domain/order';
import { applyReport } from '../../../src/modules/execution/trackers/apply-report';
import type { Mutant } from './mutant';

/** Bugs in what a word about an order does to it. */
export const orderMutants: readonly Mutant[] = [
  {
    id: 'M01',
    bug: 'any create error marks the order done',
    expect: ['I3', 'I1', 'I15'],
    row: 'T2',
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
    id: 'M13',
    bug: 'a create of unknown outcome is sent again with the same id',
    expect: ['I12'],
    row: 'T3',
    plant: ({ reached }) => ({
      runtime: (runtime) =>
        Object.create(runtime, {
          http: {
            value: async (request: Parameters<typeof runtime.http>[0]) => {
              const answer = await runtime.http(request);
              const isCreate = request.method === 'POST' && request.url.endsWith('/order');
              if (!isCreate || !answer.written || (answer.status ?? 500) < 500) return answer;
              reached();
              const sendBy = runtime.monotonic() + 500;
              return runtime.http({ ...request, sendBy, beforeWrite: () => true });
            },
          },
        }) as typeof runtime,
    }),
  },
];
