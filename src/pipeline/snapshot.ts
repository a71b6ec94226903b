// The pipeline and its items as text: canonical for the content key, exact for the snapshot. Hashes and stores nothing.

import { parseJson, stringifyJson } from '../expression/json.ts';
import { parsePlainJson } from '../expression/plain-json.ts';
import { dictGet, PyDict } from '../expression/values.ts';
import type { Gate, Item, Items, Pipeline, Step } from './pipeline.ts';
import { modelsOf, resolveModel, settingsOf } from './resolve.ts';
import { DEFAULT_RNG } from './rng.ts';

/**
 * Canonical JSON of everything in the pipeline that determines results; equal texts mean equal results. Left out is what
 * only packs, bounds, prices, shows or judges them (chunkSize, limits of providers, keys' names, headers, prices, maxCost,
 * report, gates, notRun, name, form): changing a gate must not pay for the same answers again. Engine version and items
 * are the caller's to add.
 */
export function normalisedText(pipeline: Pipeline): string {
  const { seed, rng, repeat, maxUnits, strategy, globals, templates, provider, model, stop, only } = pipeline;
  const steps = pipeline.steps.map(withoutDefaults);
  const content = { seed, repeat, maxUnits, strategy, globals, templates, steps, provider, model };
  const realtime = realtimeSteps(pipeline);
  const endpoints = endpointsOf(pipeline);
  // Left out as long as they are the default, so that runs from before there was a choice keep their keys.
  return canonical({
    ...content,
    ...(rng === DEFAULT_RNG ? {} : { rng }),
    ...(stop === undefined ? {} : { stop, ...weighedBeside(pipeline) }),
    ...(only === undefined ? {} : { only }),
    ...(realtime.length === 0 ? {} : { realtime }),
    ...(Object.keys(endpoints).length === 0 ? {} : { endpoints }),
  });
}

/**
 * What decides beside its own numbers when a gate on a change is decided, where the run waits for such a gate: the other ones,
 * among which they share the false alarms, and how many of those there may be.
 */
function weighedBeside({ stop, gates, falseAlarms }: Pipeline): object {
  const waitedFor = stop?.rule.kind === 'gates' ? stop.rule.gates.filter(isChange) : [];
  if (waitedFor.length === 0) return {};
  // Their order and names move nothing.
  const nameless = gates.filter(isChange).map(({ onInconclusive: _, ...gate }) => ({ ...gate, name: '' }));
  const changes = nameless.map(canonical).sort();
  return {
    ...(falseAlarms === undefined ? {} : { falseAlarms }),
    ...(changes.length === waitedFor.length ? {} : { changes }),
  };
}

function isChange(gate: Gate): gate is Extract<Gate, { kind: 'share_change' | 'mean_change' }> {
  return gate.kind === 'share_change' || gate.kind === 'mean_change';
}

/** The mode stands apart, and a ceiling nobody set does not count. */
function withoutDefaults(step: Step): object {
  if (step.kind !== 'llm') return step;
  const { mode: _, maxTokensCeiling, ...rest } = step;
  return maxTokensCeiling === null ? rest : { ...rest, maxTokensCeiling };
}

function realtimeSteps(pipeline: Pipeline): readonly string[] {
  return pipeline.steps
    .filter((step) => step.kind === 'llm' && resolveModel(pipeline, step).mode === 'realtime')
    .map((step) => step.name);
}

/** Of the providers that are asked: whose words they speak and where they are, as far as the pipeline says. */
function endpointsOf(pipeline: Pipeline): Record<string, object> {
  const endpoints: Record<string, object> = {};
  for (const { provider } of modelsOf(pipeline)) {
    const settings = settingsOf(pipeline, provider);
    if (settings === null) continue;
    const { protocol, baseUrl, api } = settings;
    if (protocol !== null || baseUrl !== null || api !== null)
      endpoints[provider] = { protocol, baseUrl, api };
  }
  return endpoints;
}

// Arrays keep their order; the keys of records carry none, so they are sorted.
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

/** The pipeline as one JSON text. */
export function pipelineToJson(pipeline: Pipeline): string {
  return JSON.stringify(pipeline);
}

/** The pipeline of `pipelineToJson`; what one from an earlier version does not have gets its default. */
export function pipelineFromJson(text: string): Pipeline {
  type Added = 'rng' | 'mode' | 'providers';
  const pipeline = parsePlainJson(text) as Omit<Pipeline, Added> & Partial<Pick<Pipeline, Added>>;
  const steps = pipeline.steps.map((step) =>
    step.kind === 'llm'
      ? { ...step, mode: step.mode ?? null, maxTokensCeiling: step.maxTokensCeiling ?? null }
      : step,
  );
  return {
    ...pipeline,
    steps,
    rng: pipeline.rng ?? DEFAULT_RNG,
    mode: pipeline.mode ?? null,
    providers: pipeline.providers ?? {},
  };
}

/** The items, one JSON line each, by group in the order of the groups. */
export function* itemsToLines(items: Items): Generator<string> {
  for (const [group, list] of items) {
    for (const { id, fields } of list) {
      yield `{"group":${JSON.stringify(group)},"id":${JSON.stringify(id)},"fields":${stringifyJson(fields)}}`;
    }
  }
}

/** The items of `itemsToLines`. Throws when a line is something else. */
export function itemsFromLines(lines: Iterable<string>): Items {
  const items = new Map<string, Item[]>();
  for (const line of lines) {
    const row = parseJson(line);
    const [group, id, fields] =
      row instanceof PyDict ? ['group', 'id', 'fields'].map((key) => dictGet(row, key)) : [];
    if (typeof group !== 'string' || typeof id !== 'string' || !(fields instanceof PyDict)) {
      throw new Error('a line of the snapshot is not an item');
    }
    const list = items.get(group);
    if (list === undefined) items.set(group, [{ id, fields }]);
    else list.push({ id, fields });
  }
  return items;
}
