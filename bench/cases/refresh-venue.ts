import { createRealRuntime } from '../../src/runtime/real-runtime';
import { startVenueSimulator } from '../../src/venue-simulator/venue-simulator';

/**
 * The venue of the refresh cases, in a process of its own: its work is not counted as the client's. It allows more
 * orders than the real one, so that code can be warmed without a wait; none of the clients may be refused at all.
 */
const ordersPer10s = 1_000;

async function main(): Promise<void> {
  const venue = await startVenueSimulator({
    ...{
      runtime: createRealRuntime(),
      port: 0,
      seed: Number(process.argv[2]),
      stepsPerSecond: 0,
      ordersPer10s,
    },
  });
  process.on('disconnect', () => process.exit(0));
  process.send!(venue.origin);
}

void main();
