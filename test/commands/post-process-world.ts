// A pipeline of dice with whatever is to be done after its run, in a folder of its own.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { type Outcome, type OutcomeOptions, workAndPublish } from '../../src/commands/outcome.ts';
import { startRun } from '../../src/commands/run-pipeline.ts';
import { openRunPlace, type RunPlace, type RunPlaceOptions } from '../../src/compose.ts';
import type { JournalEvent } from '../../src/engine/events.ts';

const PIPELINE = `name: dice
seed: 7
items: [{ id: red, sides: 6 }, { id: blue, sides: 8 }]
repeat: 20
steps:
  - name: roll
    expressions:
      face: random.randint(1, sides)
      high: "'yes' if face > 3 else 'no'"
`;

const OPTIONS: RunPlaceOptions = { workerEntry: null, simulatorUrl: null, environment: process.env };
const root = mkdtempSync(join(tmpdir(), 'octobatch-after-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let worlds = 0;

export interface AfterWorld {
  readonly root: string;
  /** Writes files of the pipeline's folder: text by path. */
  write(files: Readonly<Record<string, string>>): void;
  start(options?: Partial<RunPlaceOptions>, wrap?: (place: RunPlace) => RunPlace): Promise<RunPlace>;
  /** Starts the run, or goes on with it, works on it to its end and closes it. */
  run(options?: Partial<RunPlaceOptions>, more?: Partial<OutcomeOptions>): Promise<Ran>;
}

/** A finished piece of work. */
export interface Ran {
  readonly outcome: Outcome;
  readonly directory: string;
  /** Paths below `outputs/`. */
  readonly outputs: readonly string[];
  output(path: string): string;
  events(): Promise<readonly JournalEvent[]>;
}

/** `after`: the lines below the steps, such as `post_process:` with its entries. */
export function afterWorld(after: string, files: Readonly<Record<string, string>> = {}): AfterWorld {
  const home = join(root, String(worlds++));
  const pipeline = join(home, 'dice');
  const write = (texts: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(pipeline, path)), { recursive: true });
      writeFileSync(join(pipeline, path), text);
    }
  };
  const hasOwn = 'pipeline.yaml' in files || 'config.yaml' in files;
  write({ ...(hasOwn ? {} : { 'pipeline.yaml': PIPELINE + after }), ...files });
  const start: AfterWorld['start'] = async (options = {}, wrap) => {
    const request = {
      pipeline,
      overrides: {},
      root: home,
      runDirectory: null,
      faults: '',
      latency: { minMs: 0, maxMs: 1 },
    };
    return (await startRun(request, { ...OPTIONS, ...options }, wrap)).place;
  };
  return {
    root: home,
    write,
    start,
    async run(options, more) {
      return publishAt(await start(options), more);
    },
  };
}

/** Works on an opened run and closes it. */
export async function publishAt(place: RunPlace, more: Partial<OutcomeOptions> = {}): Promise<Ran> {
  try {
    const outcome = await workAndPublish(place, {
      waitMs: null,
      signal: new AbortController().signal,
      seen: () => {},
      launcher: 'octobatch',
      shownDirectory: null,
      only: 'work',
      ...more,
    });
    const { directory } = place;
    return {
      outcome,
      directory,
      outputs: listOutputs(directory),
      output: (path) => readFileSync(join(directory, 'outputs', path), 'utf8'),
      async events() {
        const { journal } = openRunPlace(directory, OPTIONS).ports;
        return (await journal.read()).events;
      },
    };
  } finally {
    await place.close();
  }
}

function listOutputs(directory: string): readonly string[] {
  const folder = join(directory, 'outputs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}

/** Opens a run that is there. */
export function openAgain(directory: string, options: Partial<RunPlaceOptions> = {}): RunPlace {
  return openRunPlace(directory, { ...OPTIONS, ...options });
}
