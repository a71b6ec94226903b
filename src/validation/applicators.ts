// The keywords of JSON Schema that apply other schemas: to the same value, to what it contains, and to whatever the
// others left unevaluated.
import { dictEntries, dictGet, PyDict, PyList, type Value } from '../expression/values.ts';
import type { Issue } from './failure.ts';
import {
  isLegacy,
  type KeywordCompiler,
  requireWith,
  SchemaError,
  type Site,
  wantCount,
  wantList,
  wantNames,
  wantObject,
  wantText,
} from './keywords.ts';
import { type Assertion, escapePointer, type Place, pointerOf, type Run, type SchemaNode } from './node.ts';
import { count, show } from './wording.ts';

function childList(argument: Value, site: Site): SchemaNode[] {
  const list = wantList(argument, site);
  if (list.length === 0)
    throw new SchemaError(`"${site.keyword}" must list at least one schema`, site.pointer);
  return list.map((_, i) => site.child(`${site.pointer}/${i}`));
}

function childMap(argument: Value, site: Site): (readonly [string, SchemaNode])[] {
  return wantObject(argument, site).map(([name]) => [
    name,
    site.child(`${site.pointer}/${escapePointer(name)}`),
  ]);
}

function applyInPlace(site: Site, nodes: readonly SchemaNode[], assertion: Assertion): void {
  site.node.inPlace.push(...nodes);
  site.node.assertions.push(assertion);
}

function compileReference(argument: Value, site: Site): void {
  const target = site.resolve(wantText(argument, site));
  site.node.also.push(target);
  applyInPlace(site, [target], (value, place, run, seen) => run.checkInPlace(target, value, place, seen));
}

function compileAllOf(argument: Value, site: Site): void {
  const nodes = childList(argument, site);
  site.node.also.push(...nodes);
  applyInPlace(site, nodes, (value, place, run, seen) => {
    let holds = true;
    for (const node of nodes) holds = run.checkInPlace(node, value, place, seen) && holds;
    return holds;
  });
}

function compileAnyOf(argument: Value, site: Site): void {
  const nodes = childList(argument, site);
  site.node.alternatives.push(nodes);
  applyInPlace(site, nodes, (value, place, run, seen) => {
    let holds = false;
    for (const node of nodes) {
      // All of them may have looked at something, so with tracking none may be skipped.
      if (!holds || seen !== null) holds = run.tries(node, value, place, seen) || holds;
    }
    if (holds) return true;
    return run.fail(
      place,
      'anyOf',
      () => `fits none of ${count(nodes.length, 'alternative')}${nearest(nodes, value, place, run)}`,
    );
  });
}

function compileOneOf(argument: Value, site: Site): void {
  const nodes = childList(argument, site);
  site.node.alternatives.push(nodes);
  applyInPlace(site, nodes, (value, place, run, seen) => {
    const fitting = nodes.filter((node) => run.tries(node, value, place, null));
    if (fitting.length === 1) return seen === null || run.tries(fitting[0]!, value, place, seen);
    return run.fail(place, 'oneOf', () =>
      fitting.length === 0
        ? `fits none of ${count(nodes.length, 'alternative')}${nearest(nodes, value, place, run)}`
        : `must fit exactly one of ${count(nodes.length, 'alternative')}, but fits ${fitting.length}`,
    );
  });
}

/** The first complaint of the alternative with the fewest, which is usually the one that was meant. */
function nearest(nodes: readonly SchemaNode[], value: Value, place: Place | null, run: Run): string {
  let best: Issue | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    const issues = run.issuesOf(node, value, place);
    if (issues.length === 0 || issues.length >= fewest) continue;
    fewest = issues.length;
    best = issues[0]!;
  }
  if (best === null) return '';
  const path = best.path === pointerOf(place) ? '' : `${best.path} `;
  return `; nearest: ${path}${best.message}`;
}

function compileNot(_argument: Value, site: Site): void {
  const node = site.child(site.pointer);
  applyInPlace(
    site,
    [node],
    (value, place, run) =>
      !run.tries(node, value, place, null) || run.fail(place, 'not', () => `must not be ${show(value)}`),
  );
}

function compileIf(_argument: Value, site: Site): void {
  const condition = site.child(site.pointer);
  const base = site.pointer.slice(0, -'/if'.length);
  const branch = (keyword: string): SchemaNode | null =>
    dictGet(site.schema, keyword) === undefined ? null : site.child(`${base}/${keyword}`);
  const then = branch('then');
  const otherwise = branch('else');
  const nodes = [condition, then, otherwise].filter((node) => node !== null);
  applyInPlace(site, nodes, (value, place, run, seen) => {
    const next = run.tries(condition, value, place, seen) ? then : otherwise;
    return next === null || run.checkInPlace(next, value, place, seen);
  });
}

function compileDependentSchemas(argument: Value, site: Site): void {
  for (const [trigger, node] of childMap(argument, site)) applyWith(trigger, node, site);
}

function applyWith(trigger: string, node: SchemaNode, site: Site): void {
  applyInPlace(
    site,
    [node],
    (value, place, run, seen) =>
      !(value instanceof PyDict) ||
      dictGet(value, trigger) === undefined ||
      run.checkInPlace(node, value, place, seen),
  );
}

/** Drafts before 2019-09 had one keyword for both kinds of dependency. */
function compileDependencies(argument: Value, site: Site): void {
  for (const [trigger, dependency] of wantObject(argument, site)) {
    if (dependency instanceof PyList) requireWith(trigger, wantNames(dependency, site), site);
    else applyWith(trigger, site.child(`${site.pointer}/${escapePointer(trigger)}`), site);
  }
}

/** `properties`, `patternProperties` and `additionalProperties` divide the names between them, so they are one. */
function compileProperties(_argument: Value, site: Site): void {
  const { node, schema } = site;
  const first = ['properties', 'patternProperties', 'additionalProperties'].find(
    (keyword) => dictGet(schema, keyword) !== undefined,
  );
  if (site.keyword !== first) return;
  const base = site.pointer.slice(0, -(site.keyword.length + 1));
  const at = (keyword: string): Site => ({ ...site, keyword, pointer: `${base}/${keyword}` });

  const properties = dictGet(schema, 'properties');
  if (properties !== undefined) {
    for (const [name, child] of childMap(properties, at('properties'))) node.properties.set(name, child);
  }
  const patterned = dictGet(schema, 'patternProperties');
  if (patterned !== undefined) {
    for (const [source, child] of childMap(patterned, at('patternProperties'))) {
      node.patternProperties.push({ pattern: site.pattern(source, child.pointer), node: child });
    }
  }
  if (dictGet(schema, 'additionalProperties') !== undefined) {
    node.additionalProperties = site.child(`${base}/additionalProperties`);
  }
  node.assertions.push(checkProperties(node));
}

function checkProperties(node: SchemaNode): Assertion {
  return (value, parent, run, seen) => {
    if (!(value instanceof PyDict)) return true;
    let holds = true;
    for (const [key, item] of dictEntries(value)) {
      const name = key as string;
      const place = { parent, key: name };
      const nodes = nodesForName(node, name);
      run.spend(1 + node.patternProperties.length * (1 + (name.length >> 3)));
      if (nodes.length > 0) seen?.names.add(name);
      for (const child of nodes) {
        if (child.always === false) {
          const rule = child === node.additionalProperties ? 'additionalProperties' : 'properties';
          holds = run.fail(parent, rule, () => `must not have the name ${show(name)}`);
        } else {
          holds = run.check(child, item, place, null) && holds;
        }
      }
      if (!holds && run.issues === null) return false;
    }
    return holds;
  };
}

/** The subschemas of one object schema that speak about a name. */
export function nodesForName(node: SchemaNode, name: string): readonly SchemaNode[] {
  const nodes: SchemaNode[] = [];
  const own = node.properties.get(name);
  if (own !== undefined) nodes.push(own);
  for (const patterned of node.patternProperties) {
    if (patterned.pattern.test(name)) nodes.push(patterned.node);
  }
  if (nodes.length === 0 && node.additionalProperties !== null) nodes.push(node.additionalProperties);
  return nodes;
}

function compilePropertyNames(_argument: Value, site: Site): void {
  const node = site.child(site.pointer);
  site.node.assertions.push((value, place, run) => {
    if (!(value instanceof PyDict)) return true;
    let holds = true;
    for (const [name] of dictEntries(value)) {
      run.spend(1);
      if (run.tries(node, name, place, null)) continue;
      holds = run.fail(place, 'propertyNames', () => `has the name ${show(name)}, which is not allowed`);
    }
    return holds;
  });
}

function compilePrefixItems(argument: Value, site: Site): void {
  site.node.prefixItems.push(...childList(argument, site));
  if (dictGet(site.schema, 'items') === undefined) site.node.assertions.push(checkItems(site.node));
}

function compileItems(argument: Value, site: Site): void {
  if (argument instanceof PyList) {
    if (site.draft === '2020-12') {
      throw new SchemaError(
        '"items" must be one schema; a list of schemas is called "prefixItems"',
        site.pointer,
      );
    }
    const nodes = argument.length === 0 ? [] : childList(argument, site);
    site.node.prefixItems.push(...nodes);
    if (dictGet(site.schema, 'additionalItems') !== undefined) {
      site.node.items = site.child(site.pointer.replace(/items$/, 'additionalItems'));
    }
  } else {
    site.node.items = site.child(site.pointer);
  }
  site.node.assertions.push(checkItems(site.node));
}

function checkItems(node: SchemaNode): Assertion {
  return (value, parent, run, seen) => {
    if (!(value instanceof PyList)) return true;
    let holds = true;
    for (let i = 0; i < value.length; i++) {
      const child = nodeForItem(node, i);
      if (child === null) break;
      run.spend(1);
      seen?.items.add(i);
      holds = run.check(child, value.items[i]!, { parent, key: i }, null) && holds;
      if (!holds && run.issues === null) return false;
    }
    return holds;
  };
}

/** The subschema of one list schema that speaks about an item. */
export function nodeForItem(node: SchemaNode, index: number): SchemaNode | null {
  return node.prefixItems[index] ?? node.items;
}

function compileContains(_argument: Value, site: Site): void {
  const node = site.child(site.pointer);
  const limit = (keyword: string): number | null => {
    const argument = dictGet(site.schema, keyword);
    if (argument === undefined || isLegacy(site.draft)) return null;
    return wantCount(argument, { ...site, keyword, pointer: site.pointer.replace(/contains$/, keyword) });
  };
  const least = limit('minContains') ?? 1;
  const most = limit('maxContains') ?? Number.POSITIVE_INFINITY;
  site.node.assertions.push((value, parent, run, seen) => {
    if (!(value instanceof PyList)) return true;
    let found = 0;
    for (let i = 0; i < value.length; i++) {
      if (!run.tries(node, value.items[i]!, { parent, key: i }, null)) continue;
      found++;
      if (site.draft === '2020-12') seen?.items.add(i);
    }
    if (found < least) {
      return run.fail(
        parent,
        'contains',
        () => `must contain at least ${count(least, 'matching item')}, but has ${found}`,
      );
    }
    if (found > most) {
      return run.fail(
        parent,
        'contains',
        () => `must contain at most ${count(most, 'matching item')}, but has ${found}`,
      );
    }
    return true;
  });
}

function compileUnevaluatedItems(_argument: Value, site: Site): void {
  const node = site.child(site.pointer);
  site.node.assertions.push((value, parent, run, seen) => {
    if (!(value instanceof PyList)) return true;
    let holds = true;
    for (let i = 0; i < value.length; i++) {
      if (seen!.items.has(i)) continue;
      seen!.items.add(i);
      holds = run.check(node, value.items[i]!, { parent, key: i }, null) && holds;
    }
    return holds;
  });
}

function compileUnevaluatedProperties(_argument: Value, site: Site): void {
  const node = site.child(site.pointer);
  site.node.assertions.push((value, parent, run, seen) => {
    if (!(value instanceof PyDict)) return true;
    let holds = true;
    for (const [key, item] of dictEntries(value)) {
      const name = key as string;
      if (seen!.names.has(name)) continue;
      seen!.names.add(name);
      if (node.always === false) {
        holds = run.fail(parent, 'unevaluatedProperties', () => `must not have the name ${show(name)}`);
      } else {
        holds = run.check(node, item, { parent, key: name }, null) && holds;
      }
    }
    return holds;
  });
}

/** The keywords of this file, in checking order: what asks for the unevaluated comes last. */
export const APPLICATORS: readonly (readonly [string, KeywordCompiler])[] = [
  ['$ref', compileReference],
  ['$dynamicRef', compileReference],
  ['$recursiveRef', compileReference],
  ['properties', compileProperties],
  ['patternProperties', compileProperties],
  ['additionalProperties', compileProperties],
  ['propertyNames', compilePropertyNames],
  ['prefixItems', compilePrefixItems],
  ['items', compileItems],
  ['contains', compileContains],
  ['allOf', compileAllOf],
  ['anyOf', compileAnyOf],
  ['oneOf', compileOneOf],
  ['not', compileNot],
  ['if', compileIf],
  ['dependentSchemas', compileDependentSchemas],
  ['dependencies', compileDependencies],
  ['unevaluatedItems', compileUnevaluatedItems],
  ['unevaluatedProperties', compileUnevaluatedProperties],
];
