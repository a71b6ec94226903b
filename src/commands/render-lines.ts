// Renders templates outside a pipeline, line by line: the same language as prompts, and no file is read.
import { createEvaluation } from '../expression/evaluation.ts';
import { type CompiledTemplate, compileTemplate } from '../template/template.ts';
import { type Draws, openDraws } from './draws.ts';
import {
  answerOrError,
  CompileCache,
  MAIN_TEMPLATE,
  readDraws,
  readLine,
  readObject,
  readText,
  readTexts,
} from './line-request.ts';

/**
 * Answers lines `{"template", "context"?, "templates"?: {name: source}, "seed"?, "rng"?}`: with `{"text"}`, or with
 * `{"error", "at"}`, Python's exception class first.
 */
export function createRenderer(defaults: Draws): (line: string) => string {
  const cache = new CompileCache<CompiledTemplate>();
  return (line) =>
    answerOrError(() => {
      const request = readLine(line);
      const source = readText(request, 'template');
      const context = readObject(request, 'context');
      const draws = readDraws(request, defaults);
      const templates = readTexts(request, 'templates');
      const key = JSON.stringify([source, ...templates]);
      const compiled = cache.get(key, () =>
        compileTemplate(MAIN_TEMPLATE, source, (name) => templates.get(name) ?? null),
      );
      const text = compiled.render(context, createEvaluation({ random: openDraws(draws, 'render') }));
      return JSON.stringify({ text });
    });
}
