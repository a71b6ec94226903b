// The import table of src/README.md as data, and the one function that holds a file against it.
import { posix } from 'node:path';
import { type Reference, readSource } from './source.ts';

/** Each may import itself and those before it. */
const CORE = [
  'expression',
  'template',
  'pipeline',
  'simulation',
  'validation',
  'analysis',
  'report',
  'engine',
] as const;

/** What a room may import. `types`: rooms of which it may import types only. `packages`: npm packages by name. */
interface Room {
  readonly rooms: readonly string[];
  readonly types: readonly string[];
  readonly node: boolean;
  readonly packages: readonly string[] | 'one';
  /** Reads no clock, no environment, no chance and no network. */
  readonly pure: boolean;
}

const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  expression: ['@noble/hashes'],
  pipeline: ['yaml', 'zod', 'csv-parse'],
  simulation: ['seedrandom'],
  validation: ['re2js'],
  report: ['picocolors'],
};

/** What both doors may import: they read words, call commands and show what comes back. */
const DOOR: Room = {
  rooms: ['commands', 'compose', 'hosted', 'engine', 'engine effects', 'report', 'pipeline'],
  types: [...CORE, 'ports'],
  node: true,
  packages: [],
  pure: false,
};

const ROOMS: Readonly<Record<string, Room>> = {
  ...Object.fromEntries(
    CORE.map((name, place) => [
      name,
      { rooms: CORE.slice(0, place + 1), types: [], node: false, packages: PACKAGES[name] ?? [], pure: true },
    ]),
  ),
  'engine effects': {
    rooms: [...CORE, 'engine effects', 'ports'],
    types: [],
    node: false,
    packages: [],
    pure: true,
  },
  ports: { rooms: ['ports'], types: CORE, node: false, packages: [], pure: true },
  simulator: {
    rooms: ['simulator', 'expression', 'simulation/stream.ts'],
    types: [...CORE, 'ports'],
    node: true,
    packages: [],
    pure: false,
  },
  // Of its own room an adapter may import only what the exceptions name: none leans on a sibling.
  adapters: { rooms: [...CORE, 'ports'], types: [], node: true, packages: 'one', pure: false },
  compose: {
    rooms: [...CORE, 'engine effects', 'ports', 'simulator', 'adapters', 'compose', 'providers'],
    types: [],
    node: true,
    packages: [],
    pure: false,
  },
  // The part of compose that opens providers.
  providers: {
    rooms: [...CORE, 'engine effects', 'ports', 'simulator', 'adapters'],
    types: [],
    node: true,
    packages: [],
    pure: false,
  },
  // The part of compose that opens what GitHub keeps.
  hosted: {
    rooms: [...CORE, 'engine effects', 'ports', 'adapters'],
    types: [],
    node: true,
    packages: [],
    pure: false,
  },
  commands: {
    // Of the ports the commands also know the errors by name.
    rooms: [...CORE, 'engine effects', 'ports', 'simulator', 'compose', 'hosted', 'commands'],
    types: [],
    node: true,
    packages: ['picocolors', 'yaml'],
    pure: false,
  },
  // `eval` prints values of the expression language.
  cli: { ...DOOR, rooms: [...DOOR.rooms, 'cli', 'expression'], packages: ['commander'] },
  action: { ...DOOR, rooms: [...DOOR.rooms, 'action'], packages: ['@actions/core'] },
  worker: { rooms: [...CORE, 'ports', 'adapters'], types: [], node: true, packages: [], pure: false },
};

/** Imports that the table forbids and that are right all the same, each with its reason. `from`: start of the path. */
const EXCEPTIONS: readonly { readonly from: string; readonly to: string; readonly because: string }[] = [
  {
    from: 'adapters/',
    to: 'adapters/durable.ts',
    because: 'how a file becomes durable is no adapter: it is what several of them stand on',
  },
  ...['provider-errors.ts', 'provider-http.ts', 'provider-body.ts', 'pacing.ts', 'request-schema.ts'].map(
    (file) => ({
      from: 'adapters/providers/',
      to: `adapters/${file}`,
      because: 'what HTTP services have in common is no adapter: it is what several of them stand on',
    }),
  ),
  {
    from: 'engine/recorded-answer.ts',
    to: 'ports/provider.ts',
    because: 'a kept answer is the plain data of the port, and only its type is used',
  },
  {
    from: 'engine/request-line.ts',
    to: 'ports/provider.ts',
    because: 'the stored line of a request is the plain data of the port, and only its type is used',
  },
];

/** What would make two runs of the same pipeline differ, or reach out of the program. */
const IMPURE: Readonly<Record<string, string>> = {
  process: 'the environment is not the same everywhere',
  globalThis: 'it leads to everything this rule keeps out',
  Date: 'a clock gives another answer each time',
  performance: 'a clock gives another answer each time',
  setTimeout: 'waiting is the business of ports/clock.ts',
  setInterval: 'waiting is the business of ports/clock.ts',
  setImmediate: 'waiting is the business of ports/clock.ts',
  fetch: 'the network is the business of an adapter',
  crypto: 'its draws are not seeded',
  console: 'what a person reads is returned, not printed',
  'Math.random': 'draws come from a seeded stream',
  Intl: 'it depends on the language data of the machine',
  '.localeCompare': 'it depends on the language data of the machine',
  '.toLocaleString': 'it depends on the language data of the machine',
  '.toLocaleLowerCase': 'it depends on the language data of the machine',
  '.toLocaleUpperCase': 'it depends on the language data of the machine',
};

/** Code made from text would give an untrusted pipeline a way in. */
const CODE_FROM_TEXT = ['eval', 'Function'];

/** The entries, which alone know where the program lies. */
const ENTRIES = ['action.ts', 'cli.ts', 'worker.ts'];

/** The room a file of `src/` belongs to, its path relative to `src/`; null when the house has no place for it. */
export function roomOf(path: string): string | null {
  if (/^engine\/(tick|perform[^/]*)\.ts$/.test(path)) return 'engine effects';
  const first = path.split('/')[0]!.replace(/\.ts$/, '');
  return first in ROOMS ? first : null;
}

/** Every breach of the house in one file: where, the rule, its reason and the remedy. */
export function breaches(path: string, text: string): string[] {
  const name = roomOf(path);
  if (name === null) {
    return [
      `src/${path}: no room of this name. Put the file in a room of src/README.md, or draw a new one there first.`,
    ];
  }
  const room = ROOMS[name]!;
  const { references, uses } = readSource(text);
  const found = references.flatMap((reference) => {
    const breach = forbidden(path, name, room, reference);
    return breach === null ? [] : [`src/${path}:${reference.line}: ${breach}`];
  });
  if (room.packages === 'one') {
    const packages = new Set(
      references
        .map((r) => r.specifier)
        .filter((s) => !/^(\.|node:)/.test(s))
        .map(packageOf),
    );
    if (packages.size > 1) {
      found.push(
        `src/${path}: uses ${[...packages].join(' and ')}. One SDK a file, so that one can be replaced alone. Split the file.`,
      );
    }
  }
  for (const use of uses) {
    if (room.pure && Object.hasOwn(IMPURE, use.name)) {
      found.push(
        `src/${path}:${use.line}: uses ${use.name}; ${IMPURE[use.name]}. Take the value as a parameter or through a port.`,
      );
    }
    if (CODE_FROM_TEXT.includes(use.name)) {
      found.push(
        `src/${path}:${use.line}: uses ${use.name}; code from text is a way in. Interpret the text instead.`,
      );
    }
    if (use.name === 'import.meta' && !ENTRIES.includes(path)) {
      found.push(
        `src/${path}:${use.line}: uses import.meta; the bundle lies elsewhere than the source. Take the URL from the entry.`,
      );
    }
  }
  if (!/^(#!.*\n)?\/\/ /.test(text)) {
    found.push(
      `src/${path}: opens without a comment. Say in one to three lines what the file is and what it refuses to do.`,
    );
  }
  return found;
}

function forbidden(path: string, name: string, room: Room, reference: Reference): string | null {
  const { specifier, typeOnly } = reference;
  if (specifier.startsWith('node:')) {
    return room.node
      ? null
      : `${name} imports ${specifier}. Only the edges touch the machine: take it through a port.`;
  }
  if (!specifier.startsWith('.')) {
    const wanted = packageOf(specifier);
    if (room.packages === 'one' || room.packages.includes(wanted)) return null;
    return `${name} imports the package ${wanted}. A package has one room of its own: use what that room exports.`;
  }
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  if (target.startsWith('..'))
    return `${specifier} leaves src/, and the bundle. Bring what is needed inside.`;
  if (EXCEPTIONS.some(({ from, to }) => path.startsWith(from) && to === target)) return null;
  const other = roomOf(target);
  const allowed = [...room.rooms, ...(typeOnly ? room.types : [])];
  if ((other !== null && allowed.includes(other)) || allowed.includes(target)) return null;
  if (name === 'adapters' && other === 'adapters') {
    if (isPart(path, target)) return null;
    return `an adapter imports ${target}, a sibling. Adapters know ports only: let compose.ts join the two.`;
  }
  const how = room.types.includes(other ?? '')
    ? 'Import its types only'
    : 'Move the code, or hand the value in as a parameter';
  return `${name} imports ${target}, which the import table of src/README.md does not allow. ${how}.`;
}

/** `adapters/providers/openai-wire.ts` is a part of `adapters/providers/openai.ts`, not another adapter. */
function isPart(adapter: string, file: string): boolean {
  const whole = adapter.replace(/(-\w+)*\.ts$/, '');
  return file === `${whole}.ts` || file.startsWith(`${whole}-`);
}

/** `@scope/name/deep` as `@scope/name`, `name/deep` as `name`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
