// The JSON Schema for editors agrees with what the loader accepts.
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/expression/json.ts';
import { jsonSchema } from '../../src/pipeline/schema.ts';
import { compileSchema } from '../../src/validation/schema.ts';

describe('the JSON Schema of the native form', () => {
  const text = JSON.stringify(jsonSchema());
  const schema = compileSchema(text);
  const issues = (json: string) => schema.check(parseJson(json)).length;

  test('accepts what loads and refuses unknown keys', () => {
    expect(issues('{"items":[{"id":"a"}],"steps":[{"name":"s","expressions":{"x":1}}]}')).toBe(0);
    expect(issues('{"items":"rows.csv","steps":[{"name":"s","prompt":"p.jinja2","schema":{}}]}')).toBe(0);
    expect(issues('{"items":"rows.csv","steps":[{"name":"s","promt":"p.jinja2"}]}')).toBeGreaterThan(0);
    expect(issues('{"items":"rows.csv","steps":[],"sed":1}')).toBeGreaterThan(0);
  });

  test('describes every key, for the editor', () => {
    const missing: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties } = node as { properties?: Record<string, { description?: string }> };
      for (const [key, property] of Object.entries(properties ?? {})) {
        if (property.description === undefined) missing.push(`${path}.${key}`);
      }
      for (const [key, child] of Object.entries(node))
        visit(child, key === 'properties' ? path : `${path}.${key}`);
    };
    visit(JSON.parse(text), '');
    expect(missing).toEqual([]);
  });
});
