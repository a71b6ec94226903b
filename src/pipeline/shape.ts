// Checks a tree against a zod schema and says every violation as a person would, at its place in the file.
import type { z } from 'zod';
import { stringifyJson, toPlain } from '../expression/json.ts';
import type { Mistakes, Place } from './mistakes.ts';
import { nearest, suggestion } from './suggest.ts';
import { placeOf, type Tree, toValue } from './tree.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A key the schema does not know and that resembles none it knows. */
export interface UnknownKey {
  readonly name: string;
  readonly place: Place;
}

/**
 * Adds a mistake for every violation. With `unknown`, keys that are no likely misspelling are collected there instead
 * of being mistakes.
 */
export function checkShape(
  schema: z.ZodType,
  tree: Tree,
  mistakes: Mistakes,
  unknown: UnknownKey[] | null = null,
): void {
  const result = schema.safeParse(toPlain(toValue(tree)));
  if (!result.success) new ShapeReport(tree, mistakes, unknown).issues(result.error.issues, []);
}

class ShapeReport {
  private readonly root: Tree;
  private readonly mistakes: Mistakes;
  private readonly unknown: UnknownKey[] | null;

  constructor(root: Tree, mistakes: Mistakes, unknown: UnknownKey[] | null) {
    this.root = root;
    this.mistakes = mistakes;
    this.unknown = unknown;
  }

  issues(issues: readonly Issue[], prefix: Path): void {
    const guessed = new Set<string>();
    for (const issue of issues) {
      if (issue.code !== 'unrecognized_keys') continue;
      for (const key of issue.keys) {
        const near = this.unknownKey([...prefix, ...issue.path], key, issue.message.split(' '));
        if (near !== null) guessed.add(pathText([...prefix, ...issue.path, near], this.root));
      }
    }
    for (const issue of issues) {
      // A missing key whose misspelling was just reported would be the same mistake twice.
      const path = [...prefix, ...issue.path];
      if (issue.code === 'unrecognized_keys' || guessed.has(pathText(path, this.root))) continue;
      this.issue(issue, path);
    }
  }

  private unknownKey(path: Path, key: string, known: readonly string[]): string | null {
    const near = nearest(key, known);
    const full = pathText([...path, key], this.root);
    const place = this.keyPlace(path, key);
    if (near === null && this.unknown !== null) {
      this.unknown.push({ name: full, place });
      return null;
    }
    const owner = pathText(path, this.root);
    this.mistakes.add(
      place,
      owner === '' ? `unknown key '${key}'` : `unknown key '${key}' in ${owner}`,
      suggestion(key, known, 'known keys'),
    );
    return near;
  }

  private issue(issue: Issue, path: Path): void {
    const where = pathText(path, this.root) || 'the file';
    const tree = nodeAt(this.root, path);
    const place = tree === null ? this.nearestPlace(path) : placeOf(tree);
    if (tree === null || (issue.code === 'invalid_type' && isEmpty(tree))) {
      const missing = tree === null ? 'is missing' : 'is empty';
      this.mistakes.add(place, `${where} ${missing}`, `write ${this.wanted(issue, path)}`);
      return;
    }
    const shown = describe(tree);
    switch (issue.code) {
      case 'invalid_type':
        this.mistakes.add(place, `${where} is ${shown}`, wantedText(issue.expected, tree));
        return;
      case 'invalid_value': {
        const values = issue.values.map(String);
        const fix =
          tree.kind === 'scalar' ? suggestion(tree.text, values, 'one of') : `one of: ${values.join(', ')}`;
        this.mistakes.add(place, `${where} is ${shown}`, fix);
        return;
      }
      case 'too_small':
        this.mistakes.add(
          place,
          `${where} is ${shown}`,
          boundText(issue.origin, 'least', issue.minimum, issue.inclusive, issue.message),
        );
        return;
      case 'too_big':
        this.mistakes.add(
          place,
          `${where} is ${shown}`,
          boundText(issue.origin, 'most', issue.maximum, issue.inclusive, issue.message),
        );
        return;
      case 'invalid_union':
        this.union(issue, path, where, place, shown);
        return;
      case 'invalid_key':
      case 'invalid_element': {
        const key = String(path.at(-1));
        const fix = issue.issues[0]?.message ?? 'choose another name';
        this.mistakes.add(this.keyPlace(path.slice(0, -1), key), `'${key}' cannot be a name here`, fix);
        return;
      }
      default:
        this.mistakes.add(place, `${where} is ${shown}`, issue.message);
    }
  }

  // The alternative that was meant: the one whose own issues are fewest, where only a different kind at the root counts heavily.
  private union(
    issue: Extract<Issue, { code: 'invalid_union' }>,
    path: Path,
    where: string,
    place: Place,
    shown: string,
  ): void {
    const branches: readonly (readonly Issue[])[] = issue.errors;
    const deeper = branches.filter(
      (issues) => !issues.some((one) => one.path.length === 0 && one.code === 'invalid_type'),
    );
    if (deeper.length === 0) {
      const kinds = branches.flatMap((issues) =>
        issues.map((one) => (one.code === 'invalid_type' ? kindText(one.expected) : '')),
      );
      this.mistakes.add(place, `${where} is ${shown}`, `write ${joinOr(kinds)}`);
      return;
    }
    const weights = deeper.map(weight);
    const least = Math.min(...weights);
    const best = deeper.filter((_, i) => weights[i] === least);
    const missing = best.map((issues) => this.soleMissingKey(issues, path));
    if (best.length > 1 && missing.every((key) => key !== null)) {
      this.mistakes.add(place, `${where} has neither ${missing.join(' nor ')}`, `add one of them`);
      return;
    }
    this.issues(best[0]!, path);
  }

  private soleMissingKey(issues: readonly Issue[], prefix: Path): string | null {
    const [only] = issues;
    if (issues.length !== 1 || only === undefined) return null;
    return nodeAt(this.root, [...prefix, ...only.path]) === null ? `'${String(only.path.at(-1))}'` : null;
  }

  private wanted(issue: Issue, path: Path): string {
    const key = String(path.at(-1) ?? '');
    if (issue.code === 'invalid_type') return `'${key}:' with ${kindText(issue.expected)}`;
    return `'${key}:'`;
  }

  private keyPlace(path: Path, key: string): Place {
    const owner = nodeAt(this.root, path);
    const entry = owner?.kind === 'map' ? owner.entries.get(key) : undefined;
    return entry === undefined ? this.nearestPlace(path) : entry.keySource.placeAt(entry.keyStart);
  }

  private nearestPlace(path: Path): Place {
    for (let length = path.length; length >= 0; length--) {
      const tree = nodeAt(this.root, path.slice(0, length));
      if (tree !== null) return placeOf(tree);
    }
    return placeOf(this.root);
  }
}

function nodeAt(root: Tree, path: Path): Tree | null {
  let tree: Tree | null = root;
  for (const key of path) {
    if (tree === null) return null;
    if (tree.kind === 'map') tree = tree.entries.get(String(key))?.tree ?? null;
    else if (tree.kind === 'list') tree = tree.items[Number(key)] ?? null;
    else return null;
  }
  return tree;
}

function isEmpty(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}

// `steps[0].rules[1].expr` reads better as `analyze.rules.outcome_agrees.expr`.
function pathText(path: Path, root: Tree): string {
  let text = '';
  let tree: Tree | null = root;
  for (const [i, key] of path.entries()) {
    const next = nodeAt(root, path.slice(0, i + 1));
    if (tree?.kind === 'list') {
      const label = next?.kind === 'map' ? next.entries.get('name')?.tree : undefined;
      const named = label?.kind === 'scalar' && typeof label.value === 'string' ? label.value : null;
      if (named !== null && /^(pipeline\.)?steps$/.test(text)) text = named;
      else text += named === null ? `[${String(key)}]` : `.${named}`;
    } else text += text === '' ? String(key) : `.${String(key)}`;
    tree = next;
  }
  return text;
}

function describe(tree: Tree): string {
  if (tree.kind === 'list') return tree.items.length === 0 ? 'an empty list' : 'a list';
  if (tree.kind === 'map') return 'a mapping';
  if (typeof tree.value === 'string') {
    const text = tree.text.length > 60 ? `${tree.text.slice(0, 60)}...` : tree.text;
    return text === '' ? 'empty text' : `'${text}'`;
  }
  if (tree.value === null) return 'empty';
  // YAML 1.1 reads `no` as false: show both.
  const meaning = stringifyJson(tree.value);
  return meaning === tree.text ? meaning : `${tree.text}, which YAML reads as ${meaning}`;
}

function wantedText(expected: string, tree: Tree): string {
  const quotes = expected === 'string' && tree.kind === 'scalar';
  return quotes ? 'put quotes around it' : `write ${kindText(expected)}`;
}

function kindText(expected: string): string {
  switch (expected) {
    case 'string':
      return 'text';
    case 'int':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'array':
    case 'tuple':
      return 'a list';
    case 'object':
    case 'record':
      return 'a mapping';
    default:
      return expected;
  }
}

function boundText(
  origin: string,
  side: 'least' | 'most',
  bound: number | bigint,
  inclusive: boolean | undefined,
  message: string,
): string {
  if (origin === 'string') return bound === 1 ? 'write something' : `at ${side} ${bound} characters`;
  if (origin === 'array') return `at ${side} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
  if (origin === 'number' || origin === 'int') {
    if (inclusive === false) return side === 'least' ? `more than ${bound}` : `less than ${bound}`;
    return `at ${side} ${bound}`;
  }
  return message;
}

function joinOr(words: readonly string[]): string {
  const distinct = [...new Set(words.filter((word) => word !== ''))];
  const last = distinct.pop() ?? 'something else';
  return distinct.length === 0 ? last : `${distinct.join(', ')} or ${last}`;
}

function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}
