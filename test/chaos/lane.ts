import type { Scene } from '../support/kill-drill/drill';
import { eventually, ownOpen } from '../support/kill-drill/drill';
import type { HoldingProxy } from '../support/kill-drill/holding-proxy';
import type { LightEngine } from './engine/light-engine';
import type { Findings } from './judge/findings';
import type { Words } from './judge/truth';
import { settled } from './judge/settled';
import { of, quietTruth, standingTruth } from './judge/truth';
import type { Ending, Point, State } from './plan';
import type { World } from './world';

/** An engine and its own way to the database. */
export interface Seat {
  readonly engine: LightEngine;
  readonly proxy: HoldingProxy;
}

export type LaneScene = Scene & { readonly engine: LightEngine };

export interface LanePlace {
  readonly name: string;
  readonly world: World;
  readonly findings: Findings;
  readonly say: (line: string) => void;
}

export interface Hit {
  readonly state: State;
  readonly ending: Ending;
}

export interface LaneReport {
  readonly name: string;
  readonly hits: readonly Hit[];
  readonly kills: number;
  readonly trades: number;
  readonly creates: number;
  readonly planted: number;
  readonly alive: number;
}

const quoteMs = 60_000;
const restingEnough = 4;
const stopMs = 30_000;
const pointsBetweenLooks = 20;

/** One world with its engines, driven through its points one after the other. */
export abstract class Lane {
  protected readonly hits: Hit[] = [];
  protected taken = 0;

  protected readonly world: World;

  constructor(private readonly place: LanePlace) {
    this.world = place.world;
  }

  /** The engine that is to have the leases now, seen from outside. */
  protected abstract get scene(): LaneScene;
  protected abstract begin(): Promise<void>;
  protected abstract take(point: Point): Promise<void>;
  protected abstract recover(): Promise<void>;
  protected abstract get engines(): readonly LightEngine[];

  async run(points: readonly Point[], untilMs: number): Promise<LaneReport> {
    await this.begin();
    for (const point of points) {
      if (this.world.runtime.now() > untilMs) break;
      await this.one(point);
      if (this.taken % pointsBetweenLooks === 0 && this.taken < points.length) await this.look();
    }
    await this.look();
    await this.stopAll();
    const { venue, record } = this.world;
    return {
      ...{ name: this.place.name, hits: this.hits, creates: venue.creates().length },
      kills: this.engines.reduce((sum, engine) => sum + engine.kills, 0),
      trades: record.trades(),
      ...{ planted: record.planted.length, alive: record.alive() },
    };
  }

  async dispose(): Promise<void> {
    for (const engine of this.engines) await engine.kill();
    await this.world.dispose();
  }

  protected found(words: Words): void {
    const { name, findings } = this.place;
    for (const [kind, text] of words) {
      findings.add({ kind, lane: name, point: this.taken, words: text });
      this.say(`${kind}: ${text.split('\n')[0]}`);
    }
  }

  protected quotes(): Promise<unknown> {
    return eventually(
      this.scene,
      'own orders rest',
      () => ownOpen(this.scene).length >= restingEnough,
      quoteMs,
    );
  }

  private say(words: string): void {
    this.place.say(`${this.place.name} ${this.taken} ${words}`);
  }

  private async one(point: Point): Promise<void> {
    const { runtime } = this.world;
    const began = runtime.monotonic();
    this.taken += 1;
    try {
      await this.quotes();
      const quoted = runtime.monotonic();
      await this.take(point);
      this.hits.push(point);
      const times = `${Math.round(quoted - began)} + ${Math.round(runtime.monotonic() - quoted)} ms`;
      this.say(`${point.state} / ${point.ending}  ${times}`);
    } catch (error) {
      await this.failed(point, error);
    }
  }

  private async failed(point: Point, error: unknown): Promise<void> {
    const why = error instanceof Error ? error.message : String(error);
    const sessions = this.scene.engine.isAlive ? await this.scene.engine.ask({ ask: 'sessions' }) : 'dead';
    const state = JSON.stringify(sessions)?.slice(0, 3_000);
    this.found(of('liveness', [`${point.state} / ${point.ending}: ${why}\nsessions: ${state}`]));
    await this.recover();
  }

  /** Nothing goes wrong any more and the market stands still: now everything must agree within its time. */
  private async look(): Promise<void> {
    const { venue, runtime } = this.world;
    venue.faults.clearAll();
    venue.setFlow(false);
    const began = runtime.monotonic();
    const words = await settled(this.scene, this.world, this.scene.engine);
    const after = Math.round(runtime.monotonic() - began);
    const isQuoting = await this.quotes().catch((error: unknown) => String(error));
    if (typeof isQuoting === 'string') this.found(of('liveness', [isQuoting]));
    this.found(words);
    this.found(await standingTruth(this.scene, this.world));
    this.say(`${words.length === 0 ? 'agreed' : 'apart'} after ${after} ms`);
    venue.setFlow(true);
  }

  /** SIGTERM ends with no order of ours at the venue, and the books still right. */
  private async stopAll(): Promise<void> {
    for (const engine of this.engines) {
      if (!engine.isAlive) continue;
      const code = await engine.terminate(stopMs);
      if (code !== 0) this.found(of('stops', [`a stop ended with ${code}\n${engine.output()}`]));
    }
    const left = ownOpen(this.scene).map(({ clientOrderId }) => clientOrderId);
    if (left.length > 0) this.found(of('stops', [`left at the venue: ${left.join(' ')}`]));
    this.found(await quietTruth(this.scene, this.world, undefined));
    this.found(await standingTruth(this.scene, this.world));
  }
}
