// Which names a piece of template reads and writes, in the order in which it does.
// It refuses to decide what a name means; `symbols.ts` does that.
import type { Arguments, Expression, Span, Statement, Target } from './syntax.ts';

/** Receives every name met, in order. */
export interface NameVisitor {
  /** `at` is where it stands; `absenceIsFine` where it may be undefined: `x is defined`, `x | default(...)`. */
  read(name: string, at: Span, absenceIsFine: boolean): void;
  write(name: string): void;
}

/** True for what may take an undefined value as it is: the filter `default`, and tests such as `is defined`, `is none`. */
function bearsAbsence({ kind, name }: { readonly kind: 'filter' | 'test'; readonly name: string }): boolean {
  return kind === 'test' || name === 'default' || name === 'd';
}

/** Visits the names of an expression. */
export function visitExpression(expression: Expression, visitor: NameVisitor): void {
  const visit = (child: Expression | null): void => {
    if (child !== null) visitExpression(child, visitor);
  };
  switch (expression.kind) {
    case 'literal':
      return;
    case 'name':
      visitor.read(expression.name, expression, false);
      return;
    case 'tuple':
    case 'list':
      expression.items.forEach(visit);
      return;
    case 'dict':
      for (const pair of expression.pairs) pair.forEach(visit);
      return;
    case 'binary':
    case 'logic':
      visit(expression.left);
      visit(expression.right);
      return;
    case 'unary':
      visit(expression.operand);
      return;
    case 'concat':
      expression.parts.forEach(visit);
      return;
    case 'compare':
      visit(expression.first);
      for (const { operand } of expression.rest) visit(operand);
      return;
    case 'conditional':
      visit(expression.test);
      visit(expression.value);
      visit(expression.otherwise);
      return;
    case 'attribute':
      visit(expression.object);
      return;
    case 'item':
      visit(expression.object);
      visit(expression.index);
      return;
    case 'slice':
      visit(expression.from);
      visit(expression.to);
      visit(expression.step);
      return;
    case 'call':
      visit(expression.callee);
      visitArguments(expression.args, visitor);
      return;
    case 'filter':
    case 'test':
      if (expression.value?.kind === 'name' && bearsAbsence(expression)) {
        visitor.read(expression.value.name, expression.value, true);
      } else visit(expression.value);
      visitArguments(expression.args, visitor);
      return;
    default:
      expression satisfies never;
  }
}

/** Visits the names of a call's arguments. */
export function visitArguments(args: Arguments, visitor: NameVisitor): void {
  for (const value of args.positional) visitExpression(value, visitor);
  for (const { value } of args.named) visitExpression(value, visitor);
  if (args.spread !== null) visitExpression(args.spread, visitor);
  if (args.spreadNamed !== null) visitExpression(args.spreadNamed, visitor);
}

/** Visits the names of an assignment's target; a namespace is read, not written. */
export function visitTarget(target: Target, visitor: NameVisitor): void {
  switch (target.kind) {
    case 'name':
      visitor.write(target.name);
      return;
    case 'namespace':
      visitor.read(target.name, target, false);
      return;
    case 'tuple':
      for (const item of target.items) visitTarget(item, visitor);
      return;
    default:
      target satisfies never;
  }
}

/** True when the statements read the name before they write it; blocks are not looked into. */
export function readsFirst(statements: readonly Statement[], wanted: string): boolean {
  let answer: boolean | null = null;
  const visitor: NameVisitor = {
    read(name) {
      if (name === wanted) answer ??= true;
    },
    write(name) {
      if (name === wanted) answer ??= false;
    },
  };
  for (const statement of statements) visitEverything(statement, visitor);
  return answer === true;
}

/** Visits the names of a statement and of all below it; blocks are not looked into. */
export function visitEverything(statement: Statement, visitor: NameVisitor): void {
  const visitAll = (body: readonly Statement[]): void => {
    for (const child of body) visitEverything(child, visitor);
  };
  switch (statement.kind) {
    case 'text':
    case 'block':
      return;
    case 'output':
      visitExpression(statement.expression, visitor);
      return;
    case 'if':
      for (const { test, body } of statement.branches) {
        visitExpression(test, visitor);
        visitAll(body);
      }
      visitAll(statement.otherwise);
      return;
    case 'for':
      visitTarget(statement.target, visitor);
      visitExpression(statement.items, visitor);
      visitAll(statement.body);
      visitAll(statement.otherwise);
      if (statement.filter !== null) visitExpression(statement.filter, visitor);
      return;
    case 'set':
      visitTarget(statement.target, visitor);
      visitExpression(statement.value, visitor);
      return;
    case 'setBlock':
      visitTarget(statement.target, visitor);
      if (statement.filter !== null) visitExpression(statement.filter, visitor);
      visitAll(statement.body);
      return;
    case 'macro':
    case 'callBlock':
      if (statement.kind === 'callBlock') visitExpression(statement.call, visitor);
      for (const { name, fallback } of statement.definition.parameters) {
        visitor.write(name);
        if (fallback !== null) visitExpression(fallback, visitor);
      }
      visitAll(statement.definition.body);
      return;
    case 'filterBlock':
      visitAll(statement.body);
      visitExpression(statement.filter, visitor);
      return;
    case 'with':
      for (const { target } of statement.bindings) visitTarget(target, visitor);
      for (const { value } of statement.bindings) visitExpression(value, visitor);
      visitAll(statement.body);
      return;
    case 'scope':
      visitAll(statement.body);
      return;
    case 'extends':
    case 'include':
    case 'import':
    case 'from':
      visitExpression(statement.template, visitor);
      return;
    default:
      statement satisfies never;
  }
}
