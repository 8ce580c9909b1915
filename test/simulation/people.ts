import type { PositionLimits, StartStop } from './faults/row';
import type { Host } from './host';
import type { StrategyPlan } from './seed-plan';
import type { World } from './world';

type Config = StrategyPlan['config'];
type Scene = Pick<World, 'hosts' | 'view' | 'log' | 'oracle'>;

/** The people who configure, start and stop strategies while they trade. */
export class People {
  private readonly configs = new Map<string, Config>();

  constructor(private readonly world: Scene) {}

  /** What a strategy should run with now. */
  configOf({ id, config }: StrategyPlan): Config {
    return this.configs.get(id) ?? config;
  }

  /** The old session creates nothing from this moment on, whoever opens the next one does so as configured. */
  reconfigure(strategy: StrategyPlan, config: Config, limits?: PositionLimits): boolean {
    const owner = this.runner(strategy);
    if (!owner) return false;
    const { log, view } = this.world;
    log.add('operator', 'configure', `${strategy.number} ${JSON.stringify(config)}`);
    this.configs.set(strategy.id, config);
    Object.assign(view.standings.get(strategy.number)!, limits && bounds(limits));
    void owner.resume(strategy);
    return true;
  }

  startWhileStopping(strategy: StrategyPlan, done: (outcome: StartStop) => void): boolean {
    const owner = this.runner(strategy);
    if (!owner) return false;
    this.world.log.add('operator', 'stop and start', String(strategy.number));
    const { stopped } = this.world.oracle;
    const key = `${owner.parts.name}|${strategy.number}`;
    const mark = (isStopped: boolean): void => void (isStopped ? stopped.add(key) : stopped.delete(key));
    void owner
      .startWhileStopping(strategy, mark, done)
      .catch((error: unknown) => owner.parts.broke('stop and start', error));
    return true;
  }

  /** Who runs it, when nobody is about to open it besides. */
  private runner({ id }: StrategyPlan): Host | undefined {
    const { hosts } = this.world;
    if (hosts.all.some(({ opening, heldBack }) => opening.has(id) || heldBack.has(id))) return undefined;
    const owner = hosts.ownerOf(id);
    const isRunning = owner.engine?.sessions.get(id)?.mode === 'running';
    return isRunning && !owner.isStopping && !owner.runtime.isDead ? owner : undefined;
  }
}

const bounds = ({ maxLots, minLots }: PositionLimits): PositionLimits => ({ maxLots, minLots });
