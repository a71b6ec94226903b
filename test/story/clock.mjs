// Loaded into a process before anything else, it gives that process the time of the stage: what the file named in the
// query says, plus what has passed since this process first read it. It changes nothing but Date.
import { readFileSync } from 'node:fs';

/** How long a reading of the file is good for, in milliseconds. */
const FRESH = 5;

const file = new URL(import.meta.url).searchParams.get('file');
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
