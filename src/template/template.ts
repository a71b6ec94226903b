// Templates as the rest of the engine knows them: compiled once, checked as far as that goes, rendered many times.
// It refuses to read files: other templates come through `load`.
import type { Evaluation } from '../expression/evaluation.ts';
import { type Fields, PyDict, PyList, PySet, type Value } from '../expression/values.ts';
import { startContext } from './compile-links.ts';
import { compileBlock, compileRoot } from './compile-statement.ts';
import { templateErrorAt } from './error.ts';
import type { TemplateLinks, TemplateUse } from './frame.ts';
import { GLOBALS } from './globals.ts';
import { locateError } from './locate.ts';
import { parseTemplate } from './parse.ts';
import { Context, Output, type Program, type RenderBody, type Run } from './runtime.ts';
import { type TemplateSource, templateSource } from './source.ts';
import type { Statement } from './syntax.ts';
import { findBlocks } from './tree.ts';

/** A template ready to be rendered. */
export interface CompiledTemplate {
  readonly name: string;
  /** Names it may read from its context, templates it includes, imports or extends by a literal name counted in. */
  readonly names: ReadonlySet<string>;
  /** The text for a context. Never changes the context. Throws TemplateError. */
  render(context: Fields, evaluation: Evaluation): string;
}

/** Names looked at while finding out what a set of templates reads. */
const MAX_NAME_WORK = 2_000_000;

/** Characters of one template. */
const MAX_SOURCE_LENGTH = 1_000_000;

/**
 * Compiles a template and all that it names by a literal. `load` gives the text of another template, or null when
 * there is none. Throws TemplateError.
 */
export function compileTemplate(
  name: string,
  source: string,
  load: (name: string) => string | null,
): CompiledTemplate {
  const library = new Library(load);
  const program = library.add(name, source);
  return {
    name,
    names: library.namesOf(program),
    render: (context, evaluation) => render(library, program, context, evaluation),
  };
}

function render(library: Library, program: LoadedProgram, context: Fields, evaluation: Evaluation): string {
  const { depth } = evaluation;
  const given = library.mutates ? new Map([...context].map(([key, value]) => [key, copyOf(value)])) : context;
  const rendering = { evaluation, load: (name: string) => library.find(name), modules: new Map() };
  const out = new Output(evaluation);
  try {
    program.render(startContext(new Context(rendering, given), program), out);
  } catch (error) {
    throw locateError(error, program.source, { start: 0, end: 0 });
  } finally {
    evaluation.depth = depth;
  }
  return out.text;
}

/** A copy that shares nothing that can be changed; such values are few and small in a context. */
function copyOf(value: Value): Value {
  if (value instanceof PyList) return new PyList(value.items.slice(0, value.length).map(copyOf));
  if (value instanceof PyDict) {
    const copy = new PyDict();
    for (const [key, item] of value.entries) copy.entries.set(key, copyOf(item));
    copy.originals = value.originals === null ? null : new Map(value.originals);
    return copy;
  }
  if (value instanceof PySet) {
    const copy = new PySet(value.frozen);
    for (const [key, item] of value.entries) copy.entries.set(key, item);
    return copy;
  }
  return value;
}

interface LoadedProgram extends Program {
  readonly source: TemplateSource;
  readonly uses: readonly TemplateUse[];
}

/** The templates that were loaded, each compiled once. */
class Library {
  private readonly loadText: (name: string) => string | null;
  private readonly programs: Map<string, LoadedProgram | null> = new Map();
  /** True when some template may change a list, dict or set in place. */
  mutates = false;

  constructor(loadText: (name: string) => string | null) {
    this.loadText = loadText;
  }

  find(name: string): LoadedProgram | null {
    const known = this.programs.get(name);
    if (known !== undefined) return known;
    const text = this.loadText(name);
    if (text === null) {
      this.programs.set(name, null);
      return null;
    }
    return this.add(name, text);
  }

  /** Compiles a template and those it names. */
  add(name: string, text: string): LoadedProgram {
    const source = templateSource(name, text);
    if (text.length > MAX_SOURCE_LENGTH) {
      throw templateErrorAt(
        'LimitError',
        `a template of more than ${MAX_SOURCE_LENGTH} characters`,
        source,
        0,
      );
    }
    try {
      return this.compile(source, parseTemplate(source));
    } catch (error) {
      throw locateError(error, source, { start: 0, end: 0 });
    }
  }

  private compile(source: TemplateSource, statements: readonly Statement[]): LoadedProgram {
    const names = new Set<string>();
    const uses: TemplateUse[] = [];
    const blocks = new Map<string, RenderBody>();
    const blockStatements = findBlocks(statements);
    const links: TemplateLinks = {
      source,
      extendsAny: containsExtends(statements),
      noteMutation: () => {
        this.mutates = true;
      },
      noteName: (name) => names.add(name),
      noteTemplate: (use) => uses.push(use),
    };
    const root = compileRoot(links, statements);
    const program: LoadedProgram = {
      name: source.name,
      source,
      names,
      uses,
      blocks,
      render: (context, out) => {
        const run: Run = { context, evaluation: context.rendering.evaluation, level: 0, parent: null };
        root.write(root.enter(null, run), out);
        run.parent?.render(context, out);
      },
    };
    // A template may name itself, so it has to be known before those it names are compiled.
    this.programs.set(source.name, program);
    for (const statement of blockStatements) {
      if (blocks.has(statement.name)) {
        throw templateErrorAt(
          'TemplateAssertionError',
          `block '${statement.name}' defined twice`,
          source,
          statement.start,
        );
      }
      const noteName = (name: string): void => {
        if (!root.provides.has(name)) names.add(name);
      };
      const block = compileBlock({ ...links, noteName }, statement);
      blocks.set(statement.name, (context, out, level) => {
        const run: Run = { context, evaluation: context.rendering.evaluation, level, parent: null };
        block.write(block.enter(null, run), out);
      });
    }
    for (const use of uses) this.check(source, use);
    return program;
  }

  private check(source: TemplateSource, use: TemplateUse): void {
    const found = use.names.find((name) => this.find(name) !== null);
    if (found !== undefined || use.optional) return;
    const message = `template '${use.names.join("', '")}' not found`;
    const type = use.several ? 'TemplatesNotFound' : 'TemplateNotFound';
    throw templateErrorAt(type, message, source, use.span.start, use.span.end);
  }

  /** The context names of a program and of those it names. */
  namesOf(program: LoadedProgram): Set<string> {
    // A template that is reached in several ways keeps only what all of them provide, so this ends.
    const visited = new Map<LoadedProgram, ReadonlySet<string>>();
    let work = 0;
    const visit = (at: LoadedProgram, provided: ReadonlySet<string>): void => {
      work += 1 + provided.size;
      if (work > MAX_NAME_WORK) {
        throw templateErrorAt('LimitError', 'templates use each other in too many ways', at.source, 0);
      }
      const before = visited.get(at);
      const common =
        before === undefined ? provided : new Set([...before].filter((name) => provided.has(name)));
      if (before !== undefined && common.size === before.size) return;
      visited.set(at, common);
      for (const use of at.uses) {
        const next = use.names.map((name) => this.find(name)).find((target) => target !== null);
        if (next && use.withContext) visit(next, new Set([...common, ...use.provided()]));
      }
    };
    visit(program, new Set());
    const names = new Set<string>();
    for (const [at, provided] of visited) {
      for (const name of at.names) if (!provided.has(name) && !GLOBALS.has(name)) names.add(name);
    }
    return names;
  }
}

function containsExtends(statements: readonly Statement[]): boolean {
  return statements.some((statement) => {
    if (statement.kind === 'extends') return true;
    if (statement.kind !== 'if') return false;
    return [...statement.branches.map(({ body }) => body), statement.otherwise].some(containsExtends);
  });
}
