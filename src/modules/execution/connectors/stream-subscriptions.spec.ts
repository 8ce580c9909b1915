import { createVirtualRuntime } from '../../../runtime/virtual-runtime';
import { StreamSubscriptions } from './stream-subscriptions';

const id = 'BTC/USDT';

function bench() {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const sent: string[] = [];
  const silence: string[] = [];
  const streams = new StreamSubscriptions(runtime, {
    send: (method, instruments, frame) => void sent.push(`${method} ${instruments.join()} ${frame}`),
    isOpen: () => true,
    onAllConfirmed: () => undefined,
    onSilence: (reason) => void silence.push(reason),
  });
  return { runtime, streams, sent, silence };
}

it('asks again for what stays unconfirmed, and not for what is confirmed by name', async () => {
  const { runtime, streams, sent } = bench();
  streams.add(id);
  streams.add('ETH/USDT');
  await runtime.advance(300);
  streams.confirm({ instrument: id });
  await runtime.advance(5_500);
  expect([streams.confirmedForMs(id), streams.confirmedForMs('ETH/USDT')]).toEqual([5_500, 0]);
  expect(sent).toEqual(['SUBSCRIBE BTC/USDT,ETH/USDT 1', 'SUBSCRIBE ETH/USDT 2']);
});

it('begins a stream anew only when the venue has confirmed that it was left', async () => {
  const { runtime, streams, sent } = bench();
  streams.add(id);
  await runtime.advance(300);
  streams.confirm({ id: 1 });
  streams.renew(id);
  streams.renew(id);
  await runtime.advance(1_000);
  expect(sent.slice(1)).toEqual(['UNSUBSCRIBE BTC/USDT 2']);
  expect(streams.confirmedForMs(id)).toBe(0);
  streams.left({ id: 2 });
  streams.left({ id: 2 });
  expect(sent.slice(2)).toEqual(['SUBSCRIBE BTC/USDT 3']);
});

it('gives the socket up when an unsubscription is not answered', async () => {
  const { runtime, streams, silence } = bench();
  streams.add(id);
  await runtime.advance(300);
  streams.confirm({ id: 1 });
  streams.renew(id);
  await runtime.advance(5_000);
  expect(silence).toEqual(['an unsubscription of BTC/USDT was not confirmed']);
});

it('forgets with the socket what it waited for', async () => {
  const { runtime, streams, silence } = bench();
  streams.add(id);
  await runtime.advance(300);
  streams.confirm({ id: 1 });
  streams.renew(id);
  streams.forget();
  await runtime.advance(6_000);
  expect(silence).toEqual([]);
});

it('leaves a stream that the venue refuses to begin, because it may run already', async () => {
  const { runtime, streams, sent } = bench();
  streams.add(id);
  await runtime.advance(300);
  streams.refused({ id: 1 });
  await runtime.advance(1_100);
  streams.left({ id: 2 });
  streams.confirm({ id: 3 });
  await runtime.advance(10_000);
  expect(sent).toEqual(['SUBSCRIBE BTC/USDT 1', 'UNSUBSCRIBE BTC/USDT 2', 'SUBSCRIBE BTC/USDT 3']);
});

it('leaves no stream of a later connection for what an earlier one was refused', async () => {
  const { runtime, streams, sent } = bench();
  streams.add(id);
  await runtime.advance(300);
  streams.refused({ id: 1 });
  await runtime.advance(500);
  streams.reopen();
  streams.confirm({ id: 2 });
  await runtime.advance(10_000);
  expect(sent).toEqual(['SUBSCRIBE BTC/USDT 1', 'SUBSCRIBE BTC/USDT 2']);
  expect(streams.confirmedForMs(id)).toBe(10_000);
});

it('gives the socket up when it answers nothing, however well its pings are answered', async () => {
  const { runtime, streams, silence } = bench();
  streams.add(id);
  await runtime.advance(15_700);
  expect(silence).toEqual([]);
  await runtime.advance(200);
  expect(silence).toEqual(['3 subscriptions in a row were not answered']);
});

it('keeps a socket that answers, though one of its streams is never confirmed', async () => {
  const { runtime, streams, sent, silence } = bench();
  streams.add(id);
  for (let asked = 0; asked < 6; asked += 1) {
    await runtime.advance(5_250);
    streams.heard();
  }
  expect([sent.length, silence]).toEqual([6, []]);
});
