// The order in which the help tells of the commands, by what people do, and what each looks like on the command line.
import type { Command } from 'commander';

/** A command and how it may be called. */
interface Told {
  readonly command: string;
  readonly examples: readonly string[];
}

interface Group {
  readonly heading: string;
  readonly commands: readonly Told[];
}

/** All commands, in the order of the help. */
export const GROUPS: readonly Group[] = [
  {
    heading: 'Begin:',
    commands: [
      { command: 'init', examples: ['init', 'init sims/shop --template judge --provider openai'] },
      { command: 'doctor', examples: ['doctor', 'doctor sims/shop --offline'] },
    ],
  },
  {
    heading: 'Write a pipeline:',
    commands: [
      { command: 'validate', examples: ['validate sims/shop', 'validate sims/*'] },
      { command: 'render', examples: ['render sims/shop', 'render sims/shop --step review --unit 7'] },
      {
        command: 'eval',
        examples: [
          'eval "random.randint(1, 6)" --seed 1',
          `eval "price * 2" --context '{"price": 3}' --json`,
        ],
      },
      { command: 'schema', examples: ['schema > pipeline.schema.json'] },
    ],
  },
  {
    heading: 'Run it:',
    commands: [
      {
        command: 'plan',
        examples: ['plan sims/shop', 'plan sims/shop --provider openai --model gpt-5-mini'],
      },
      {
        command: 'run',
        examples: [
          'run sims/shop --provider simulated',
          'run sims/shop --max-cost 2 --wait 30m --name monday',
          'run sims/shop --provider replay --from monday',
        ],
      },
      { command: 'submit', examples: ['submit sims/shop --max-cost 2'] },
      { command: 'collect', examples: ['collect', 'collect monday --wait 1h'] },
      { command: 'watch', examples: ['watch', 'watch monday'] },
      { command: 'status', examples: ['status', 'status monday --json'] },
    ],
  },
  {
    heading: 'Read results:',
    commands: [
      { command: 'report', examples: ['report monday', 'report monday --baseline sunday --fail-on fail'] },
      {
        command: 'analyze',
        examples: [
          'analyze monday --group-by customer --count sold',
          'analyze monday --numeric offer --quantile offer:0.9 --format csv',
        ],
      },
      { command: 'compare', examples: ['compare sunday monday', 'compare sunday monday --units'] },
      {
        command: 'export',
        examples: [
          'export monday --out monday.parquet',
          'export monday --what failures --format jsonl',
          'export monday --format octobatch --to out/monday',
        ],
      },
    ],
  },
  {
    heading: 'Change a run:',
    commands: [
      { command: 'retry', examples: ['retry monday', 'retry monday --kind transport --wait 30m'] },
      { command: 'mode', examples: ['mode monday realtime', 'mode monday batch'] },
      { command: 'cancel', examples: ['cancel monday'] },
      { command: 'revalidate', examples: ['revalidate monday'] },
    ],
  },
  {
    heading: 'Keep runs:',
    commands: [
      { command: 'list', examples: ['list', 'list --all --json'] },
      { command: 'info', examples: ['info monday'] },
      { command: 'verify', examples: ['verify', 'verify monday'] },
      {
        command: 'repair',
        examples: ['repair monday', 'repair monday --from backup/monday', 'repair monday --pay'],
      },
      { command: 'merge', examples: ['merge seed-one seed-two --into both-seeds'] },
      { command: 'archive', examples: ['archive monday', 'archive monday --undo'] },
      { command: 'prune', examples: ['prune --older-than 30d --dry-run', 'prune --older-than 30d --keep 5'] },
    ],
  },
  {
    heading: 'Try bad days:',
    commands: [{ command: 'simulator', examples: ['simulator --dir sim --faults malformed=0.05'] }],
  },
];

/** Puts the commands of a program into their groups, and examples below the help of each. */
export function tellCommands(program: Command): void {
  const told = new Map(
    GROUPS.flatMap(({ heading, commands }) =>
      commands.map(({ command, examples }) => [command, { heading, examples }] as const),
    ),
  );
  const order = [...told.keys()];
  // Commander tells of groups in the order in which it meets their first commands.
  (program.commands as Command[]).sort((a, b) => order.indexOf(a.name()) - order.indexOf(b.name()));
  for (const command of program.commands) {
    const { heading, examples } = told.get(command.name())!;
    command.helpGroup(heading);
    const lines = examples.map((example) => `  ${program.name()} ${example}`);
    command.addHelpText('after', `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`);
  }
  program.helpCommand('help [command]', 'tell more about a command, with examples');
  program.addHelpText('after', '\nThe pages to read are listed in docs/README.md.');
}
