// What a source file refers to, read from its syntax tree and never from its text. Judges nothing.
import { parseAst } from 'vitest/node';

/** One import, export-from, dynamic import or import type. `typeOnly`: nothing of it is left at run time. */
export interface Reference {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly line: number;
}

/** A name used as a value or a type, such as `Date`, or a member read by name, such as `Math.random`. */
export interface Use {
  readonly name: string;
  readonly line: number;
}

export interface Source {
  readonly references: readonly Reference[];
  readonly uses: readonly Use[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Parses TypeScript source; throws when it does not parse. */
export function readSource(text: string): Source {
  const references: Reference[] = [];
  const uses: Use[] = [];
  const lineOf = (node: Node): number => text.slice(0, node.start).split('\n').length;

  const refer = (node: Node, typeOnly: boolean): void => {
    const from = node.source as Node | null | undefined;
    if (!from) return;
    // A specifier that is computed cannot be judged: it is kept as a text that no rule allows.
    const specifier = typeof from.value === 'string' ? from.value : '(computed)';
    references.push({ specifier, typeOnly, line: lineOf(node) });
  };

  const visit = (node: Node, parent: Node | null, key: string): void => {
    switch (node.type) {
      case 'ImportDeclaration':
        refer(node, node.importKind === 'type' || onlyTypes(node.specifiers as Node[], 'importKind'));
        return;
      case 'ExportAllDeclaration':
        refer(node, node.exportKind === 'type');
        return;
      case 'ExportNamedDeclaration':
        refer(node, node.exportKind === 'type' || onlyTypes(node.specifiers as Node[], 'exportKind'));
        if (node.source) return;
        break;
      case 'ImportExpression':
        refer(node, false);
        break;
      case 'TSImportType':
        refer(node, true);
        break;
      case 'MetaProperty':
        uses.push({ name: 'import.meta', line: lineOf(node) });
        return;
      case 'MemberExpression': {
        const member = memberName(node);
        if (member !== null && !namesItsLanguage(parent)) uses.push({ name: member, line: lineOf(node) });
        break;
      }
      case 'Identifier':
        if (!isOnlyAName(parent, key)) uses.push({ name: node.name as string, line: lineOf(node) });
        break;
    }
    for (const [name, child] of Object.entries(node)) {
      for (const one of Array.isArray(child) ? child : [child]) {
        if (isNode(one)) visit(one, node, name);
      }
    }
  };
  visit(parseAst(text, { lang: 'ts' }) as unknown as Node, null, '');
  return { references, uses };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** `import { type A }` leaves nothing at run time under our compiler only when every name is a type; `import 'a'` does. */
function onlyTypes(specifiers: readonly Node[], kind: 'importKind' | 'exportKind'): boolean {
  return specifiers.length > 0 && specifiers.every((specifier) => specifier[kind] === 'type');
}

/** `Math.random` or `Math['random']` as `Math.random`; of any other object only the member: `.localeCompare`. */
function memberName(node: Node): string | null {
  const property = node.property as Node;
  const name = node.computed ? property.value : property.name;
  if (typeof name !== 'string') return null;
  const object = node.object as Node;
  return object.type === 'Identifier' && object.name === 'Math' ? `Math.${name}` : `.${name}`;
}

/** `n.toLocaleString('en-US')`: a call with a language of its own is the same on every machine. */
function namesItsLanguage(call: Node | null): boolean {
  if (call?.type !== 'CallExpression') return false;
  const callee = call.callee as Node;
  const first = (call.arguments as Node[])[0];
  return (
    callee.type === 'MemberExpression' &&
    /^\.toLocale/.test(memberName(callee) ?? '') &&
    typeof first?.value === 'string'
  );
}

/** True where an identifier names a member, a key or a label and refers to nothing by itself. */
function isOnlyAName(parent: Node | null, key: string): boolean {
  if (parent === null || parent.computed === true) return false;
  switch (parent.type) {
    case 'MemberExpression':
      return key === 'property';
    case 'TSQualifiedName':
      return key === 'right';
    case 'Property':
      return key === 'key' && parent.shorthand !== true;
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'TSPropertySignature':
    case 'TSMethodSignature':
      return key === 'key';
    default:
      return false;
  }
}
