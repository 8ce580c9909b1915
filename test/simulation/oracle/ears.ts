import type { OrderLogLine } from '../../../src/modules/execution/store/types';
import type { WireEar } from '../link';
import type { StoreCall, StoreEar } from '../store-adapter';
import type { SeenRequest, WireAnswer } from '../wire';

/** What a judge listens to of the wire and of the database; each hears everything, in order. */
export type Ear = Partial<WireEar & StoreEar>;

/** Tells several judges what one link and one database have to say. */
export class Ears implements WireEar, StoreEar {
  private readonly onLeft: readonly Ear[];
  private readonly onArrived: readonly Ear[];
  private readonly onGone: readonly Ear[];
  private readonly onAnswered: readonly Ear[];
  private readonly onDelivered: readonly Ear[];
  private readonly onConnected: readonly Ear[];
  private readonly onApplied: readonly Ear[];
  private readonly onLogged: readonly Ear[];

  constructor(ears: readonly Ear[]) {
    this.onLeft = ears.filter((ear) => ear.left);
    this.onArrived = ears.filter((ear) => ear.arrived);
    this.onGone = ears.filter((ear) => ear.gone);
    this.onAnswered = ears.filter((ear) => ear.answered);
    this.onDelivered = ears.filter((ear) => ear.delivered);
    this.onConnected = ears.filter((ear) => ear.connected);
    this.onApplied = ears.filter((ear) => ear.applied);
    this.onLogged = ears.filter((ear) => ear.logged);
  }

  left(request: SeenRequest): void {
    for (const ear of this.onLeft) ear.left!(request);
  }

  arrived(request: SeenRequest): void {
    for (const ear of this.onArrived) ear.arrived!(request);
  }

  gone(request: SeenRequest): void {
    for (const ear of this.onGone) ear.gone!(request);
  }

  answered(request: SeenRequest, answer: WireAnswer | undefined, isVenues: boolean): void {
    for (const ear of this.onAnswered) ear.answered!(request, answer, isVenues);
  }

  delivered(stream: 'public' | 'private', text: string, host: string, isVenues: boolean): void {
    for (const ear of this.onDelivered) ear.delivered!(stream, text, host, isVenues);
  }

  connected(stream: 'public' | 'private', isOpen: boolean, host: string, others: number): void {
    for (const ear of this.onConnected) ear.connected!(stream, isOpen, host, others);
  }

  applied(name: StoreCall, args: readonly unknown[], result: unknown): void {
    for (const ear of this.onApplied) ear.applied!(name, args, result);
  }

  logged(lines: readonly OrderLogLine[], host: string): void {
    for (const ear of this.onLogged) ear.logged!(lines, host);
  }
}
