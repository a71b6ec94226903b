// The help: every command stands in a group and is shown in use, with options that it has.
import { Command } from 'commander';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerAnalysis } from '../../src/cli/analysis.ts';
import { registerAuthoring } from '../../src/cli/authoring.ts';
import { registerControl } from '../../src/cli/control.ts';
import { GROUPS, tellCommands } from '../../src/cli/help.ts';
import { registerOperations } from '../../src/cli/operations.ts';
import { registerStart } from '../../src/cli/start.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld('help');
});
afterAll(() => world.close());

const told = GROUPS.flatMap(({ commands }) => commands);

it('the help tells of every command once, in the order of what people do', async () => {
  const { stdout, code } = await world.octobatch(['--help']);
  expect(code).toBe(0);
  const headings = [...stdout.matchAll(/^[A-Z].*:$/gm)].map(([heading]) => heading);
  expect(headings).toEqual(['Options:', ...GROUPS.map(({ heading }) => heading), 'Commands:']);
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
  expect(commands).toEqual([...told.map(({ command }) => command), 'help']);
});

it('the help of a command ends with it in use', async () => {
  const { stdout, code } = await world.octobatch(['help', 'prune']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\n\nExamples:\n {2}octobatch prune --older-than 30d --dry-run\n.*\n$/);
});

it('examples are of their command, and name only options that it has', () => {
  const program = new Command('octobatch');
  // Nothing is carried out.
  const nobody = {} as never;
  registerStart(program, nobody, nobody);
  registerAuthoring(program, nobody, nobody);
  registerAnalysis(program, nobody);
  registerControl(program, nobody);
  registerOperations(program, nobody);
  tellCommands(program);
  expect(program.commands.length).toBeGreaterThan(15);
  const examples = new Map(told.map((one) => [one.command, one.examples]));
  for (const command of program.commands) {
    const options = command.options.map(({ long }) => long);
    for (const example of examples.get(command.name()) ?? []) {
      expect(example.split(' ')[0]).toBe(command.name());
      for (const [option] of example.matchAll(/--[a-z-]+/g)) expect(options).toContain(option);
    }
  }
});
