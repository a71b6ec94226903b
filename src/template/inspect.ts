// Where a template reads its names, for people: the compiler knows which of them come from the context.
// It refuses to resolve scopes; a name that is also set somewhere is reported at its first read all the same.
import { visitEverything } from './names.ts';
import { parseTemplate } from './parse.ts';
import { templateSource } from './source.ts';
import { findBlocks } from './tree.ts';

/** How a template uses a name. */
export interface NameUse {
  /** Offset of the first read, after line ends were normalised. */
  readonly start: number;
  /** True when the template says somewhere what to do without it: `x is defined`, `x | default('')`. */
  readonly optional: boolean;
}

/** Every name a template reads. Throws TemplateError when it does not parse. */
export function inspectNames(name: string, text: string): ReadonlyMap<string, NameUse> {
  const source = templateSource(name, text);
  const statements = parseTemplate(source);
  const first = new Map<string, number>();
  const optional = new Set<string>();
  const bodies = [statements, ...findBlocks(statements).map(({ body }) => body)];
  for (const statement of bodies.flat()) {
    visitEverything(statement, {
      read(read, { start }, absenceIsFine) {
        first.set(read, Math.min(start, first.get(read) ?? start));
        if (absenceIsFine) optional.add(read);
      },
      write() {},
    });
  }
  return new Map([...first].map(([read, start]) => [read, { start, optional: optional.has(read) }]));
}
