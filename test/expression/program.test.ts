import { describe, expect, test } from 'vitest';
import { ExpressionError } from '../../src/expression/errors.ts';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { compileExpression } from '../../src/expression/expression.ts';
import { fieldsFromJson, fieldsToJson } from '../../src/expression/json.ts';
import { compileProgram, type ProgramSource, programProblems } from '../../src/expression/program.ts';
import { countingSource } from './sources.ts';

const SAILOR: ProgramSource = {
  init: [
    { name: 'position', expr: 'start_position' },
    { name: 'path', expr: '[start_position]' },
    { name: 'steps_taken', expr: '0' },
  ],
  expressions: [
    { name: 'position', expr: 'position + random.choice([-1, 1])' },
    { name: 'path', expr: 'path + [position]' },
    { name: 'steps_taken', expr: 'steps_taken + 1' },
  ],
  loopUntil: 'position <= 0 or position >= 10',
  maxIterations: 1000,
};

function once(expressions: Record<string, string>): ProgramSource {
  return {
    init: [],
    expressions: Object.entries(expressions).map(([name, expr]) => ({ name, expr })),
    loopUntil: null,
    maxIterations: 1,
  };
}

function run(source: ProgramSource, fields: string): string {
  const result = compileProgram(source).run(fieldsFromJson(fields), createEvaluation({ random: null }));
  return fieldsToJson(result.assigned);
}

describe('a program', () => {
  test('walks the drunken sailor to one of the ends', () => {
    const walk = compileProgram(SAILOR);
    let water = 0;
    for (let seed = 0; seed < 400; seed++) {
      const evaluation = createEvaluation({ random: countingSource(seed) });
      const { assigned, iterations, timedOut } = walk.run(
        fieldsFromJson('{"start_position": 5}'),
        evaluation,
      );
      expect(timedOut).toBe(false);
      expect(assigned.get('steps_taken')).toBe(iterations);
      expect([...assigned.keys()]).toEqual(['position', 'path', 'steps_taken']);
      if (assigned.get('position') === 0) water++;
    }
    // 400 fair walks: outside 0.38 to 0.62 once in a million times.
    expect(water).toBeGreaterThan(152);
    expect(water).toBeLessThan(248);
  });

  test('gives the same walk for the same stream', () => {
    const walk = compileProgram(SAILOR);
    const fields = fieldsFromJson('{"start_position": 5}');
    const texts = [0, 1].map(() => {
      const { assigned } = walk.run(fields, createEvaluation({ random: countingSource(7) }));
      return fieldsToJson(assigned);
    });
    expect(texts[0]).toBe(texts[1]);
  });

  test('counts reaching the last iteration as no failure', () => {
    const endless = { ...SAILOR, loopUntil: 'False', maxIterations: 20 };
    const evaluation = createEvaluation({ random: countingSource(1) });
    const result = compileProgram(endless).run(fieldsFromJson('{"start_position": 5}'), evaluation);
    expect(result.iterations).toBe(20);
    expect(result.timedOut).toBe(true);
  });

  test('runs exactly once without a condition', () => {
    const result = compileProgram({ ...SAILOR, loopUntil: null }).run(
      fieldsFromJson('{"start_position": 5}'),
      createEvaluation({ random: countingSource(1) }),
    );
    expect([result.iterations, result.timedOut]).toEqual([1, false]);
  });

  test('lets each expression see the ones before, and fields be assigned anew', () => {
    expect(run(once({ a: 'x + 1', b: 'a * 2', x: 'a + b' }), '{"x": 1}')).toBe('{"a":2,"b":4,"x":6}');
  });

  test('orders assigned fields by their first assignment', () => {
    const source: ProgramSource = {
      init: [{ name: 'b', expr: '1' }],
      expressions: [
        { name: 'a', expr: '2' },
        { name: 'b', expr: '3' },
      ],
      loopUntil: null,
      maxIterations: 1,
    };
    expect(run(source, '{}')).toBe('{"b":3,"a":2}');
  });

  test('keeps nothing of one unit for the next', () => {
    const program = compileProgram(once({ seen: "0 if 'k' not in d else 1", mark: 'd.update(k=1)' }));
    for (let i = 0; i < 2; i++) {
      const { assigned } = program.run(fieldsFromJson('{"d": {}}'), createEvaluation({ random: null }));
      expect(assigned.get('seen')).toBe(0);
    }
    const lists = compileProgram(once({ a: '[1, 2]', b: 'a.append(3)' }));
    for (let i = 0; i < 2; i++) {
      const { assigned } = lists.run(new Map(), createEvaluation({ random: null }));
      expect(fieldsToJson(assigned)).toBe('{"a":[1,2,3],"b":null}');
    }
  });

  test('leaves the lists of its fields alone when it appends by +', () => {
    const fields = fieldsFromJson('{"path": [1]}');
    const program = compileProgram(once({ path: 'path + [2]' }));
    for (let i = 0; i < 2; i++) {
      const { assigned } = program.run(fields, createEvaluation({ random: null }));
      expect(fieldsToJson(assigned)).toBe('{"path":[1,2]}');
    }
    expect(fieldsToJson(fields)).toBe('{"path":[1]}');
  });

  test('never changes the fields it was given; what it changed in place counts as assigned', () => {
    const fields = fieldsFromJson('{"deck": [1, 2], "other": {"a": [0]}, "same": [5]}');
    const before = fieldsToJson(fields);
    const program = compileProgram(
      once({ top: 'deck.pop()', n: 'len(same)', done: "other['a'].append(top)", sorted_: 'sorted(same)' }),
    );
    for (let i = 0; i < 2; i++) {
      const { assigned } = program.run(fields, createEvaluation({ random: null }));
      expect(fieldsToJson(assigned)).toBe(
        '{"top":2,"n":1,"done":null,"sorted_":[5],"deck":[1],"other":{"a":[0,2]}}',
      );
      expect(fieldsToJson(fields)).toBe(before);
    }
    const rule = compileExpression('deck.pop() == 2');
    expect(rule.evaluate(fields, createEvaluation({ random: null }))).toBe(true);
    expect(fieldsToJson(fields)).toBe(before);
  });

  test('a list put into itself does not crash the run', () => {
    const program = compileProgram(once({ loop: 'xs.append(xs)' }));
    const evaluation = createEvaluation({ random: null });
    expect(() => program.run(fieldsFromJson('{"xs": []}'), evaluation)).not.toThrow();
  });

  test('names the assignment and the place of a failure', () => {
    const program = compileProgram(once({ a: '1', b: 'a +\\\n   d["k"]' }));
    const failure = (() => {
      try {
        program.run(fieldsFromJson('{"d": {}}'), createEvaluation({ random: null }));
        return null;
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(ExpressionError);
    expect(failure).toMatchObject({ assignment: 'b', type: 'KeyError', message: "'k'", line: 2, column: 4 });
  });

  test('stops a unit that burns its fuel', () => {
    const source = { ...SAILOR, loopUntil: 'False', maxIterations: 10_000_000 };
    const evaluation = createEvaluation({ random: countingSource(1), limits: { fuel: 10_000 } });
    const walk = () => compileProgram(source).run(fieldsFromJson('{"start_position": 5}'), evaluation);
    expect(walk).toThrow(ExpressionError);
  });

  test('lists every syntax error with its place in the program', () => {
    const source: ProgramSource = {
      init: [{ name: 'a', expr: '1 +' }],
      expressions: [
        { name: 'b', expr: '2' },
        { name: 'c', expr: 'x && y' },
      ],
      loopUntil: 'a = 1',
      maxIterations: 1,
    };
    expect(programProblems(source).map(({ part, index, name }) => [part, index, name])).toEqual([
      ['init', 0, 'a'],
      ['expressions', 1, 'c'],
      ['loopUntil', 0, 'loop_until'],
    ]);
  });

  test('knows which fields it expects', () => {
    expect([...compileProgram(SAILOR).names]).toEqual(['start_position', 'random']);
  });

  test('lets a walrus name be seen by later expressions without making it a field', () => {
    expect(run(once({ a: '(w := 5) + 1', b: 'w * 2' }), '{}')).toBe('{"a":6,"b":10}');
  });
});
