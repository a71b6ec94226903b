// The templates of a pipeline: finds, compiles and keeps those that its prompts reach, and no other file, so that an
// unrelated change in the folder is not a new run. Renders nothing.

import { TemplateError } from '../template/error.ts';
import { inspectNames, type NameUse } from '../template/inspect.ts';
import { type Position, positionAt, templateSource } from '../template/source.ts';
import { type CompiledTemplate, compileTemplate } from '../template/template.ts';
import type { Place } from './mistakes.ts';
import { placeInScalar } from './positions.ts';
import type { Reading } from './reading.ts';
import type { ScalarTree } from './tree.ts';

const TEMPLATE_ENDING = /\.(?:jinja2?|j2|tmpl|txt|md|html|xml)$/i;

// `{% include name %}`: which file it means is known only when it is rendered.
const DYNAMIC = /\{%[-+]?\s*(?:include|import|extends|from)\s+[^\s'"[]/;

/** The template sources of one pipeline. Names are paths below `root`. */
export class TemplateShelf {
  private readonly reading: Reading;
  /** Folder of the templates, ending in `/`, or '' for the pipeline's own. */
  private readonly root: string;
  private readonly sources = new Map<string, string | null>();
  private readonly inline = new Map<string, ScalarTree>();
  private readonly reached = new Set<string>();
  /** The templates that each compiled one names, itself included. */
  private readonly asked = new Map<string, ReadonlySet<string>>();
  private readonly uses = new Map<string, ReadonlyMap<string, NameUse>>();

  constructor(reading: Reading, root: string) {
    this.reading = reading;
    this.root = root;
  }

  /** All templates reached so far, by name. */
  kept(): Record<string, string> {
    const names = [...this.reached].sort();
    return Object.fromEntries(
      names.flatMap((name) => {
        const source = this.sources.get(name);
        return typeof source === 'string' ? [[name, source]] : [];
      }),
    );
  }

  /** Compiles the template of a file; null after adding a mistake. `place` is where the file is named. */
  async file(name: string, place: Place): Promise<CompiledTemplate | null> {
    const read = await this.reading.files.read(this.root + name);
    if (read.kind !== 'text') {
      await this.reading.refuseFile('template', this.root + name, read, place);
      return null;
    }
    this.sources.set(name, normalised(read.text));
    return this.compile(name);
  }

  /** Compiles a template written in the configuration itself. */
  async text(name: string, scalar: ScalarTree): Promise<CompiledTemplate | null> {
    this.sources.set(name, scalar.text);
    this.inline.set(name, scalar);
    return this.compile(name);
  }

  // Loading is synchronous and reading is not: what a compilation asks for is read, and it is compiled again.
  private async compile(name: string): Promise<CompiledTemplate | null> {
    for (;;) {
      const asked = new Set<string>([name]);
      const load = (wanted: string): string | null => {
        asked.add(wanted);
        return this.sources.get(wanted) ?? null;
      };
      let compiled: CompiledTemplate | null = null;
      let error: TemplateError | null = null;
      try {
        compiled = compileTemplate(name, this.sources.get(name) ?? '', load);
      } catch (thrown) {
        if (!(thrown instanceof TemplateError)) throw thrown;
        error = thrown;
      }
      const unread = [...asked].filter((wanted) => !this.sources.has(wanted));
      if (unread.length > 0) {
        await this.readAll(unread);
        continue;
      }
      if (error !== null) {
        this.refuse(error);
        return null;
      }
      for (const one of asked) this.reached.add(one);
      this.asked.set(name, asked);
      await this.reachDynamic(asked);
      return compiled;
    }
  }

  private async reachDynamic(asked: ReadonlySet<string>): Promise<void> {
    if (!this.isDynamic(asked)) return;
    const files = await this.reading.files.list(this.root.replace(/\/$/, ''));
    const names = files
      .filter((path) => path.startsWith(this.root) && TEMPLATE_ENDING.test(path))
      .map((path) => path.slice(this.root.length));
    await this.readAll(names.filter((name) => !this.sources.has(name)));
    for (const name of names) this.reached.add(name);
  }

  private isDynamic(names: Iterable<string>): boolean {
    return [...names].some((name) => DYNAMIC.test(this.sources.get(name) ?? ''));
  }

  /** True when a compiled template chooses others while it is rendered, so that more may be read than is known. */
  choosesOthers(template: string): boolean {
    return this.isDynamic(this.asked.get(template) ?? []);
  }

  /** Where a compiled template, or one it names, first reads a name; null when some read bears its absence. */
  placeOfName(template: string, name: string): Place | null {
    let place: Place | null = null;
    for (const one of this.asked.get(template) ?? []) {
      const use = this.usesOf(one).get(name);
      if (use === undefined) continue;
      if (use.optional) return null;
      place ??= this.placeAt(one, positionAt(templateSource(one, this.sources.get(one) ?? ''), use.start));
    }
    return place;
  }

  private usesOf(template: string): ReadonlyMap<string, NameUse> {
    let uses = this.uses.get(template);
    if (uses === undefined) {
      this.uses.set(template, (uses = inspectNames(template, this.sources.get(template) ?? '')));
    }
    return uses;
  }

  private async readAll(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const read = await this.reading.files.read(this.root + name);
      this.sources.set(name, read.kind === 'text' ? normalised(read.text) : null);
    }
  }

  private refuse(error: TemplateError): void {
    this.reading.mistakes.add(this.placeAt(error.template, error), error.message, 'correct the template');
  }

  private placeAt(template: string, position: Position): Place {
    const scalar = this.inline.get(template);
    if (scalar === undefined) {
      return { file: this.reading.shown(this.root + template), line: position.line, column: position.column };
    }
    const lines = scalar.text.split('\n').slice(0, position.line - 1);
    const lineStart = lines.reduce((sum, line) => sum + line.length + 1, 0);
    const line = scalar.text.slice(lineStart).split('\n')[0] ?? '';
    const before = [...line].slice(0, position.column - 1).join('');
    return placeInScalar(scalar, lineStart + before.length);
  }
}

function normalised(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
