// A scenario file of the simulator: the YAML people write, as the settings the simulator stores. Every mistake is
// named with its place; nothing is guessed.
import { readFileSync } from 'node:fs';
import { toPlain } from '../expression/json.ts';
import { ConfigurationError } from '../pipeline/diagnostic.ts';
import { Mistakes, type Place } from '../pipeline/mistakes.ts';
import { SourceText } from '../pipeline/source-text.ts';
import { suggestion } from '../pipeline/suggest.ts';
import { placeOf, toValue } from '../pipeline/tree.ts';
import { CONFIG_LIMITS, readTree } from '../pipeline/tree-reader.ts';
import { FaultsError } from '../simulator/faults.ts';
import { MishapError } from '../simulator/mishap-input.ts';
import { DEFAULT_SETTINGS, readSettings, SettingsError } from '../simulator/settings.ts';
import { readDuration, readRange, usageError } from './arguments.ts';
import { shownPath } from './shown-path.ts';

/** The keys of a scenario, and how each becomes a setting. */
const KEYS: Readonly<Record<string, { readonly name: string; read(value: unknown): unknown }>> = {
  seed: { name: 'seed', read: String },
  latency: { name: 'latency', read: (value) => readRange('latency', String(value)) },
  call_latency: { name: 'callLatency', read: (value) => readRange('call_latency', String(value)) },
  lifetime: { name: 'lifetimeMs', read: (value) => readDuration('lifetime', String(value)) },
  faults: { name: 'faults', read: same },
  cached: { name: 'cached', read: same },
  queue_tokens: { name: 'queueTokens', read: same },
  prices: { name: 'prices', read: same },
  mishaps: { name: 'mishaps', read: same },
};

/** Reads a scenario file into settings as data, checked. Throws a ConfigurationError with every mistake. */
export function readScenario(path: string): object {
  const file = shownPath(path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw usageError(
      '--scenario',
      `there is no readable file ${file}`,
      'give a YAML file, see examples/scenarios',
    );
  }
  return readScenarioText(file, text);
}

/** The same from a text; `file` is its name in messages. */
export function readScenarioText(file: string, text: string): object {
  const mistakes = new Mistakes();
  const source = new SourceText(file, text);
  const tree = readTree(source, '1.2', CONFIG_LIMITS, mistakes);
  const settings: Record<string, unknown> = {};
  if (tree !== null && tree.kind !== 'map') {
    mistakes.add(
      placeOf(tree),
      'a scenario is a mapping',
      `write keys such as ${Object.keys(KEYS).join(', ')}`,
    );
  }
  for (const [key, entry] of tree?.kind === 'map' ? tree.entries : []) {
    const place = entry.keySource.placeAt(entry.keyStart);
    const rule = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (rule === undefined) {
      mistakes.add(place, `a scenario has no "${key}"`, suggestion(key, Object.keys(KEYS), 'keys'));
      continue;
    }
    const given: unknown[] = [];
    // Each mishap by itself, so that each mistake has its own place.
    const isList = key === 'mishaps' && entry.tree.kind === 'list';
    for (const part of isList && entry.tree.kind === 'list' ? entry.tree.items : [entry.tree]) {
      attempt(placeOf(part), mistakes, () => {
        const plain = toPlain(toValue(part));
        const value = rule.read(isList ? mishapOf(plain) : plain);
        readSettings({ [rule.name]: isList ? [value] : value }, DEFAULT_SETTINGS);
        given.push(value);
      });
    }
    settings[rule.name] = isList ? given : given[0];
  }
  mistakes.throwIfAny();
  const { seed, faults } = settings;
  // One seed for all of a scenario, unless the faults have their own.
  if (seed !== undefined && faults !== undefined) settings.faults = { seed, ...(faults as object) };
  return settings;
}

function attempt(place: Place, mistakes: Mistakes, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationError) {
      for (const { file, what, fix } of error.diagnostics) mistakes.add(place, `${file}: ${what}`, fix);
    } else if (error instanceof FaultsError) mistakes.add(place, error.what, error.fix);
    else if (error instanceof SettingsError || error instanceof MishapError) {
      mistakes.add(place, error.message, 'see examples/scenarios');
    } else throw error;
  }
}

/** What a mishap needs has names of several words: `retry_after_ms` in YAML, `retryAfterMs` for the simulator. */
function mishapOf(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || !('do' in value)) return value;
  const what = value.do;
  if (what === null || typeof what !== 'object' || Array.isArray(what)) return value;
  const entries = Object.entries(what).map(([key, one]) => [
    key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    one,
  ]);
  return { ...value, do: Object.fromEntries(entries) as object };
}

function same(value: unknown): unknown {
  return value;
}
