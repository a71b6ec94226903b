// What both forms share while they are read: the folder, the mistakes, and the checks of one expression or field name
// at its place. It does not know the keys of either form.

import { ExpressionSyntaxError } from '../expression/errors.ts';
import { compileExpression } from '../expression/expression.ts';
import { parseExpression } from '../expression/parse.ts';
import { walrusNames } from '../expression/scope.ts';
import type { Node } from '../expression/syntax.ts';
import type { Value } from '../expression/values.ts';
import type { Cursor } from './cursor.ts';
import type { FileRead, PipelineFiles } from './files.ts';
import { Mistakes, type Place } from './mistakes.ts';
import { fieldNameProblem } from './names.ts';
import type { Assignment } from './pipeline.ts';
import { placeInScalar } from './positions.ts';
import { nearest } from './suggest.ts';

/** Why a JSON Schema cannot be used; null when it can. `pointer` is the JSON pointer of the fault inside it. */
export type SchemaProblem = { readonly message: string; readonly pointer: string } | string | null;

/** Checks the JSON text of a schema. Given by the caller, because validation stands above this folder. */
export type SchemaCheck = (text: string) => SchemaProblem;

/** A scalar read as an expression. YAML numbers and booleans stand for themselves: `0`, `True`. */
export type ExpressionInput = string | number | boolean;

/** A file that gave no text. */
export type UnusableFile = Exclude<FileRead, { readonly kind: 'text' }>;

/** An expression as it stands in the file. */
export interface WrittenExpression {
  readonly source: string;
  readonly tree: Node;
  /** Names that `:=` fills. */
  readonly stores: readonly string[];
  /** The place of an offset in the source. */
  placeAt(offset: number): Place;
}

/** The folder being read and what is wrong with it. */
export class Reading {
  readonly files: PipelineFiles;
  readonly mistakes: Mistakes;
  /** What is doubtful and stops nothing. */
  readonly warnings: Mistakes = new Mistakes();
  readonly checkSchema: SchemaCheck;
  /** Of the mistakes, those inside one expression: all else of the folder was read as it is meant. */
  private brokenExpressions = 0;

  constructor(files: PipelineFiles, mistakes: Mistakes, checkSchema: SchemaCheck) {
    this.files = files;
    this.mistakes = mistakes;
    this.checkSchema = checkSchema;
  }

  /** The name people know a file of the folder by. */
  shown(path: string): string {
    return `${this.files.folder}/${path}`;
  }

  /** The expression at a place; '' when there is none. `label` says whose it is. */
  expression(cursor: Cursor<ExpressionInput>, label: string): string {
    const scalar = cursor.scalar;
    if (scalar === null) return '';
    const source = expressionText(scalar.value, scalar.text);
    try {
      compileExpression(source);
    } catch (error) {
      if (!(error instanceof ExpressionSyntaxError)) throw error;
      const place = typeof scalar.value === 'string' ? placeInScalar(scalar, error.offset) : cursor.place;
      this.mistakes.add(place, `${label}: ${error.message}`, `correct the expression ${quoted(source)}`);
      this.brokenExpressions++;
    }
    return source;
  }

  /** The expression at a place as a tree; null when there is none, or none that can be read. */
  written(cursor: Cursor<ExpressionInput>): WrittenExpression | null {
    const scalar = cursor.scalar;
    if (scalar === null) return null;
    const source = expressionText(scalar.value, scalar.text);
    try {
      const isText = typeof scalar.value === 'string';
      const tree = parseExpression(source);
      return {
        source,
        tree,
        stores: walrusNames(tree),
        placeAt: (offset) => (isText ? placeInScalar(scalar, offset) : cursor.place),
      };
    } catch (error) {
      if (!(error instanceof ExpressionSyntaxError)) throw error;
      return null;
    }
  }

  /** True when everything is readable but for single expressions, so that checks across steps make sense. */
  get isWhole(): boolean {
    return this.mistakes.count === this.brokenExpressions;
  }

  /** Names and expressions of a mapping, in order. */
  assignments(cursor: Cursor<Record<string, ExpressionInput>>, label: string): Assignment[] {
    return cursor.entries().map(({ name, namePlace, cursor: expression }) => {
      this.fieldName(name, namePlace);
      return { name, expr: this.expression(expression, `${label}.${name}`) };
    });
  }

  /** Adds the mistake that a file cannot be used. `noun` is what it was wanted for, `place` where it is named. */
  async refuseFile(noun: string, path: string, read: UnusableFile, place: Place): Promise<void> {
    const file = `the ${noun} '${path}'`;
    switch (read.kind) {
      case 'outside':
        this.mistakes.add(place, `${file} is outside the pipeline's folder`, 'move it into the folder');
        return;
      case 'unreadable':
        this.mistakes.add(place, `${file} cannot be read: ${read.why}`, 'make it a readable UTF-8 file');
        return;
      case 'missing': {
        const near = nearest(path, await this.files.list(''));
        const fix = near === null ? 'create it, or correct the name' : `did you mean '${near}'?`;
        this.mistakes.add(place, `${file} does not exist`, fix);
        return;
      }
      default:
        read satisfies never;
    }
  }

  /** Adds a mistake when a unit's field cannot have this name. */
  fieldName(name: string, place: Place): void {
    const problem = fieldNameProblem(name);
    if (problem !== null) this.mistakes.add(place, problem.what, problem.fix);
  }
}

function expressionText(value: Value, text: string): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : text;
}

/** A text in quotes, cut to what fits a line. */
export function quoted(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > 60 ? `"${line.slice(0, 60)}..."` : `"${line}"`;
}
