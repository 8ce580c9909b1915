import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import type { Mutable, SetAnswer } from './wire-faults';

/** Sends what was set in place of the venue's own answer. */
export function sendSet(
  request: IncomingMessage,
  response: ServerResponse,
  set: SetAnswer,
  own: { readonly body: unknown } | undefined,
): void {
  if (set.status === undefined) return void request.socket.destroy();
  const text = set.body === 'given' ? set.text : JSON.stringify(own?.body ?? {});
  const half = text.slice(0, Math.floor(text.length / 2));
  const sent = set.body === 'given' ? text : half;
  const promised = set.body === 'cut' || set.body === 'stalled' ? text : sent;
  const length = String(Buffer.byteLength(promised));
  response.writeHead(set.status, { 'content-type': 'text/html', ...set.headers, 'content-length': length });
  if (promised === sent) return void response.end(sent);
  response.write(sent, () => {
    if (set.body === 'cut') request.socket.destroy();
  });
}

/**
 * What can be done to a socket behind the back of the dialect that speaks on it. `leaving` names what leaves in place
 * of a frame, undefined for the frame itself.
 */
export const mutableOf = (
  ws: WebSocket,
  leaving: (text: string) => readonly string[] | undefined,
): Mutable => {
  const send = ws.send.bind(ws) as (text: string) => void;
  ws.send = (text: string) => {
    const frames = leaving(text);
    if (frames === undefined) send(text);
    else for (const frame of frames) send(frame);
  };
  const mute = (): void => {
    ws.send = () => undefined;
  };
  const hang = (): void => {
    mute();
    ws.pause();
  };
  return { mute, hang };
};
