// Questions about a syntax tree that need no names: which blocks it has, what a target assigns to.
import type { BlockStatement, Statement, Target } from './syntax.ts';

/** Every block of a template, nested ones too, in order. */
export function findBlocks(statements: readonly Statement[]): BlockStatement[] {
  return statements.flatMap((statement): BlockStatement[] => {
    switch (statement.kind) {
      case 'block':
        return [statement, ...findBlocks(statement.body)];
      case 'if':
        return findBlocks([...statement.branches.flatMap(({ body }) => body), ...statement.otherwise]);
      case 'for':
        return findBlocks([...statement.body, ...statement.otherwise]);
      case 'macro':
      case 'callBlock':
        return findBlocks(statement.definition.body);
      case 'setBlock':
      case 'filterBlock':
      case 'with':
      case 'scope':
        return findBlocks(statement.body);
      default:
        return [];
    }
  });
}

/** True when some block inside is `scoped`. */
export function hasScopedBlock(statements: readonly Statement[]): boolean {
  return findBlocks(statements).some((block) => block.scoped);
}

/** The names a target assigns to. */
export function targetNames(target: Target): string[] {
  return target.kind === 'tuple' ? target.items.flatMap(targetNames) : [target.name];
}
