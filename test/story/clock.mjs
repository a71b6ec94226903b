// Loaded into a process before anything else, it gives that process the time of the stage: what the file named in the
// query says, plus what has passed since this process first read it. It changes nothing but Date, and in a hurry also how
// long the waits between two tries are.
import { readFileSync } from 'node:fs';

/** How long a reading of the file is good for, in milliseconds. */
const FRESH = 5;

const query = new URL(import.meta.url).searchParams;
const file = query.get('file');
const RealDate = Date;
let read = Number.NEGATIVE_INFINITY;
let since = 0;
let base = '';

function now() {
  const at = performance.now();
  if (at - read > FRESH) {
    const text = readFileSync(file, 'utf8');
    if (text !== base) {
      base = text;
      since = at;
    }
    read = at;
  }
  return Number(base) + Math.floor(at - since);
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, self) => Reflect.construct(target, args.length > 0 ? args : [now()], self),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

/** Waits between two tries are of this length, in milliseconds; what is longer shall stop what never ends. */
const isPause = (ms) => ms >= 500 && ms < 20_000;

if (query.has('hurry')) {
  const realSetTimeout = globalThis.setTimeout;
  const hurried = (act, ms, ...more) => realSetTimeout(act, isPause(ms) ? ms / 20 : ms, ...more);
  globalThis.setTimeout = Object.assign(hurried, realSetTimeout);
}
