// A process that only serves simulators, one for each cell of the matrix. It outlives every death of a run, and its
// memory is nobody's but theirs. Speaks over the channel of its parent; prints nothing.
import { startSimulator } from '../../build/simulator/server.js';

const running = new Map();

process.on('message', ({ number, start, stop }) => {
  const done = start === undefined ? close(stop) : open(start);
  done.then(
    (url) => process.send({ number, url }),
    (error) => process.send({ number, error: String(error?.stack ?? error) }),
  );
});
process.on('disconnect', () => process.exit());

async function open(options) {
  const simulator = await startSimulator(options);
  running.set(simulator.url, simulator);
  return simulator.url;
}

async function close(url) {
  await running.get(url)?.close();
  running.delete(url);
  return url;
}
