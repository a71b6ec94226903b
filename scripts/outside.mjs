// The OpenAI adapter against software that others wrote: a mock service of the same protocol, and a proxy that holds
// every request and response against OpenAI's published description. Both are installed for the proof alone, into a
// temporary folder; nothing in the repository depends on them.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hostNode, result, root, run } from './stages.mjs';

const AIMOCK = '@copilotkit/aimock@1.43.0';
const PRISM = '@stoplight/prism-cli@5.16.0';
/** OpenAI's description, reduced to files and batches: it lies beside the repository, or where this variable says. */
const DESCRIPTION =
  process.env.OCTOBATCH_OPENAI_DESCRIPTION ??
  join(root, '../shared/data/openapi/openai-files-and-batches.json');
const KEY = 'sk-outside-proof';
const APIS = ['chat', 'responses'];
/** The description calls the bytes of every file a JSON string, which no service sends. */
const KNOWN_FLAW = 'response: The received media type "application/jsonl" does not match the one specified';

/** The whole life of batches and calls against aimock. `build/` must be compiled. */
export async function aimock() {
  return withPackage(AIMOCK, async (folder) => {
    const checks = createChecks();
    const fixtures = join(folder, 'fixtures');
    writeFileSync(
      `${fixtures}.json`,
      JSON.stringify({ fixtures: [{ match: { userMessage: 'Tell' }, response: { content: 'As told.' } }] }),
    );
    const port = await freePort();
    const args = [
      'node_modules/@copilotkit/aimock/dist/cli.js',
      '-p',
      String(port),
      '-f',
      `${fixtures}.json`,
    ];
    const env = { AIMOCK_API_KEYS: KEY };
    return withProcess(folder, args, env, `http://127.0.0.1:${port}/v1/models`, async () => {
      for (const api of APIS) await aimockLife(checks, api, `http://127.0.0.1:${port}/v1`);
      return checks.result(
        `${AIMOCK}: submit, check, collect, find, adopt, cancel, failed, expired, a refused key and single calls, over ${APIS.join(' and ')}`,
      );
    });
  });
}

async function aimockLife(checks, api, baseUrl) {
  const open = (changes = {}) => openProvider({ api, baseUrl, ...changes });
  const { batches, realtime, health } = await open();
  const key = keyOf(`aimock ${api}`);
  const draft = draftOf(key, 5);

  checks.same(`${api}: absent before`, await batches.find(key, now()), { kind: 'absent' });
  const submitted = await batches.submit(draft);
  checks.same(`${api}: submit`, submitted.kind, 'submitted');
  const id = submitted.providerBatch;
  checks.same(`${api}: find`, await batches.find(key, now()), { kind: 'found', providerBatch: id });
  checks.same(`${api}: find of another`, await batches.find(keyOf('another'), now()), { kind: 'absent' });
  checks.same(`${api}: first check`, (await batches.check(id)).kind, 'running');
  checks.same(`${api}: second check`, await batches.check(id), {
    kind: 'ended',
    status: 'completed',
    reason: null,
  });
  const answers = await allOf(batches.collect(id));
  checks.same(`${api}: ids`, answers.map((one) => one.customId).sort(), draft.ids.toSorted());
  checks.same(
    `${api}: texts`,
    [...new Set(answers.map((one) => `${one.kind}: ${one.text}`))],
    ['text: Mock batch completion'],
  );
  checks.same(
    `${api}: usage`,
    answers.every((one) => one.usage.input > 0 || api === 'responses'),
    true,
  );
  await batches.cancel(id);
  checks.same(`${api}: cancel of what is over`, (await batches.check(id)).status, 'completed');

  const cancelled = await batches.submit(draftOf(keyOf(`cancel ${api}`), 2));
  await batches.cancel(cancelled.providerBatch);
  checks.same(`${api}: cancelled`, (await batches.check(cancelled.providerBatch)).status, 'canceled');
  checks.same(`${api}: rows of a cancelled one`, await allOf(batches.collect(cancelled.providerBatch)), []);

  for (const outcome of ['failed', 'expired']) {
    const { batches: doomed } = await open({ headers: { 'X-AIMock-Batch-Outcome': outcome } });
    const { providerBatch } = await doomed.submit(draftOf(keyOf(`${outcome} ${api}`), 3));
    await doomed.check(providerBatch);
    const end = await doomed.check(providerBatch);
    checks.same(`${api}: ${outcome}`, [end.kind, end.status], ['ended', outcome]);
    const rows = await allOf(doomed.collect(providerBatch));
    checks.same(
      `${api}: rows of ${outcome}`,
      rows.map((row) => row.kind),
      outcome === 'failed' ? ['error', 'error', 'error'] : [],
    );
  }

  // The answer to a create is lost on its way: the batch is found by its key.
  const lossy = async (url, init) => {
    const response = await fetch(url, init);
    if (init?.method !== 'POST' || !String(url).endsWith('/batches')) return response;
    await response.arrayBuffer();
    throw new TypeError('the connection was cut');
  };
  const { batches: unlucky } = await open({ fetch: lossy });
  const lostKey = keyOf(`lost ${api}`);
  checks.same(`${api}: a lost answer is a doubt`, (await unlucky.submit(draftOf(lostKey, 1))).kind, 'unsure');
  checks.same(`${api}: and is adopted`, (await batches.find(lostKey, now())).kind, 'found');

  const stale = { ...draftOf(keyOf(`stale ${api}`), 1), mayCreate: async () => false };
  checks.same(`${api}: without a claim`, (await batches.submit(stale)).kind, 'later');
  checks.same(`${api}: nothing is created`, await batches.find(stale.key, now()), { kind: 'absent' });
  checks.same(`${api}: no such batch`, (await batches.check('batch_none')).kind, 'unknown');

  const stranger = await open({ apiKey: 'sk-stranger' });
  checks.same(
    `${api}: a refused key`,
    (await stranger.batches.submit(draftOf(keyOf(`key ${api}`), 1))).kind,
    'blocked',
  );
  checks.same(`${api}: its health`, (await stranger.health('gpt-5-mini')).kind, 'unusable');
  checks.same(`${api}: health`, ['ok', 'unsure'].includes((await health('gpt-5-mini')).kind), true);

  const [request] = draftOf(keyOf(`call ${api}`), 1).list;
  const { kind, answer } = await realtime.ask(request, new AbortController().signal);
  checks.same(`${api}: a call`, [kind, answer?.kind, answer?.text], ['answered', 'text', 'As told.']);
}

/** Our adapter, our simulator, and between them prism, which knows OpenAI's description. `build/` must be compiled. */
export async function prism() {
  if (!existsSync(DESCRIPTION)) return result(0, 0, 1, 'no description');
  return withPackage(PRISM, async (folder) => {
    const { startSimulator } = await import(pathToFileURL(join(root, 'build/simulator/server.js')).href);
    const simulator = await startSimulator({ directory: join(folder, 'simulator') });
    const port = await freePort();
    const args = [
      'node_modules/@stoplight/prism-cli/dist/index.js',
      'proxy',
      DESCRIPTION,
      `${simulator.url}/v1`,
    ];
    const url = `http://127.0.0.1:${port}`;
    try {
      return await withProcess(folder, [...args, '-p', String(port)], {}, `${url}/files`, () =>
        contractKept(url, simulator.url),
      );
    } finally {
      await simulator.close();
    }
  });
}

async function contractKept(url, simulatorUrl) {
  const checks = createChecks();
  const seen = new Map();
  const breaches = [];
  const watched = async (input, init) => {
    const response = await fetch(input, init);
    const call = `${init?.method ?? 'GET'} ${templateOf(new URL(input instanceof Request ? input.url : input).pathname)}`;
    const said = violationsOf(response).filter((one) => !one.startsWith(KNOWN_FLAW));
    if (said.length === 0) seen.set(call, (seen.get(call) ?? 0) + 1);
    else breaches.push(`${call}: ${said.join('; ')}`);
    return response;
  };
  const set = (settings) =>
    fetch(`${simulatorUrl}/_octobatch/settings`, { method: 'PUT', body: JSON.stringify(settings) });
  const slow = { latency: { minMs: 60_000, maxMs: 60_000 } };
  const quick = { latency: { minMs: 300, maxMs: 300 } };

  for (const api of APIS) {
    const { batches } = await openProvider({ api, baseUrl: url, fetch: watched });
    await set({ ...quick, faults: { errored: 0.2, truncated: 0.1, refused: 0.1, missing: 0.1 } });
    const key = keyOf(`prism ${api}`);
    const draft = draftOf(key, 40);
    const { kind, providerBatch } = await batches.submit(draft);
    checks.same(`${api}: submit`, kind, 'submitted');
    checks.same(`${api}: end`, (await untilEnded(batches, providerBatch)).status, 'completed');
    const kinds = new Set((await allOf(batches.collect(providerBatch))).map((answer) => answer.kind));
    checks.same(`${api}: answers`, [...kinds].sort(), ['error', 'refused', 'text', 'truncated']);
    checks.same(`${api}: find`, (await batches.find(key, now())).kind, 'found');

    await set({ ...slow, lifetimeMs: 200 });
    const late = await batches.submit(draftOf(keyOf(`expired ${api}`), 3));
    checks.same(`${api}: expired`, (await untilEnded(batches, late.providerBatch)).status, 'expired');
    await allOf(batches.collect(late.providerBatch));

    await set(slow);
    const doomed = await batches.submit(draftOf(keyOf(`cancelled ${api}`), 3));
    await batches.cancel(doomed.providerBatch);
    checks.same(`${api}: cancelled`, (await untilEnded(batches, doomed.providerBatch)).status, 'canceled');

    await set(quick);
    const mixed = draftOf(keyOf(`failed ${api}`), 2);
    mixed.list[1] = { ...mixed.list[1], model: 'another-model' };
    const failed = await batches.submit(mixed);
    checks.same(`${api}: failed`, (await untilEnded(batches, failed.providerBatch)).status, 'failed');
  }

  // A batch without our mark, made by others, sends the search to the list of files.
  const { batches } = await openProvider({ api: 'chat', baseUrl: url, fetch: watched });
  await set(slow);
  const own = await batches.submit(draftOf(keyOf('strangers'), 1));
  const { input_file_id, endpoint, completion_window } = await (
    await fetch(`${simulatorUrl}/v1/batches/${own.providerBatch}`, authorised())
  ).json();
  await fetch(
    `${simulatorUrl}/v1/batches`,
    authorised({ method: 'POST', body: JSON.stringify({ input_file_id, endpoint, completion_window }) }),
  );
  checks.same('search by file', (await batches.find(keyOf('nobody'), now())).kind, 'absent');

  checks.same('violations', breaches, []);
  const wanted = [
    'POST /files',
    'GET /files',
    'GET /files/:id/content',
    'POST /batches',
    'GET /batches',
    'GET /batches/:id',
    'POST /batches/:id/cancel',
  ];
  checks.same(
    'calls seen',
    wanted.filter((call) => !seen.has(call)),
    [],
  );

  // The proxy would have noticed: a request and a response that break the description.
  const badRequest = await fetch(
    `${url}/batches`,
    authorised({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"endpoint":"/v1/nonsense"}',
    }),
  );
  checks.same(
    'a planted bad request is seen',
    violationsOf(badRequest).some((one) => one.startsWith('request')),
    true,
  );
  const mishap = { kind: 'fail', method: 'GET', path: '/v1/batches/planted', status: 200, times: 1 };
  await fetch(`${simulatorUrl}/_octobatch/mishaps`, { method: 'POST', body: JSON.stringify(mishap) });
  const badResponse = await fetch(`${url}/batches/planted`, authorised());
  checks.same(
    'a planted bad response is seen',
    violationsOf(badResponse).some((one) => one.startsWith('response')),
    true,
  );
  const counts = wanted.map((call) => `${call} ${seen.get(call) ?? 0}`).join(', ');
  return checks.result(`${PRISM} with OpenAI's description 2.3.0 found no violation: ${counts}`);
}

/** What prism has against an exchange: one header names every breach. It only warns of statuses the description lacks. */
function violationsOf(response) {
  const header = response.headers.get('sl-violations');
  if (header === null) return [];
  return JSON.parse(header)
    .filter((one) => one.severity === 'Error')
    .map((one) => `${(one.location ?? []).join('.')}: ${one.message}`);
}

function authorised(init = {}) {
  return { ...init, headers: { authorization: `Bearer ${KEY}`, ...init.headers } };
}

function templateOf(path) {
  return path.replace(/^\/(files|batches)\/[^/]+/, '/$1/:id');
}

async function openProvider(changes) {
  const { createOpenAiProvider } = await import(
    pathToFileURL(join(root, 'build/adapters/providers/openai.js')).href
  );
  return createOpenAiProvider({ apiKey: KEY, lateVisibilityMs: 0, backoffMs: 10, ...changes });
}

function keyOf(name) {
  return createHash('sha256').update(name).digest('hex');
}

/** A batch of requests; `list` may be changed until it is submitted. */
function draftOf(key, count) {
  const list = Array.from({ length: count }, (_, index) => ({
    customId: `${key.slice(0, 8)}-${keyOf(`${key} ${index}`).slice(0, 40)}`,
    model: 'gpt-5-mini',
    system: 'Answer shortly.',
    prompt: `Tell about number ${index}.`,
    maxTokens: 500,
    temperature: 0.5,
    schema: index % 2 === 0 ? null : '{"type":"object","properties":{"name":{"type":"string"}}}',
  }));
  return {
    key,
    model: 'gpt-5-mini',
    list,
    ids: list.map((one) => one.customId),
    requests: {
      async *[Symbol.asyncIterator]() {
        yield* list;
      },
    },
    count,
    digest: 'd',
    mayCreate: async () => true,
  };
}

function now() {
  return { from: Date.now(), until: Date.now() };
}

async function allOf(stream) {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}

async function untilEnded(batches, id) {
  for (let asked = 0; asked < 600; asked++) {
    const found = await batches.check(id);
    if (found.kind !== 'running') return found;
    await pause(25);
  }
  throw new Error(`batch ${id} did not end`);
}

function createChecks() {
  let passed = 0;
  const failures = [];
  return {
    same(name, found, expected) {
      if (JSON.stringify(found) === JSON.stringify(expected)) passed++;
      else failures.push(`${name}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
    },
    result: (text) => result(passed, failures.length, 0, failures.length > 0 ? failures.join('\n') : text),
  };
}

/** Installs one package into a folder of its own and removes both afterwards. Without a registry the proof is skipped. */
export async function withPackage(name, use) {
  const folder = mkdtempSync(join(tmpdir(), 'octobatch-outside-'));
  try {
    const npm = npmCommand();
    const args = [
      'install',
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefix',
      folder,
      name,
    ];
    const { code, output } = await run(npm.command, [...npm.args, ...args]);
    if (code !== 0) return result(0, 0, 1, `npm could not install ${name}: ${output.split('\n')[0]}`);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The npm that runs this, or the one beside Node. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return { command: hostNode, args: [script] };
  return { command: join(dirname(hostNode), 'npm'), args: [] };
}

/** Runs a server until `use` is through; waits until its address answers, whatever it says. */
async function withProcess(folder, args, env, address, use) {
  const path = [dirname(hostNode), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(hostNode, args, {
    cwd: folder,
    env: { ...process.env, PATH: path, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = [];
  child.stdout.on('data', (chunk) => lines.push(chunk));
  child.stderr.on('data', (chunk) => lines.push(chunk));
  const gone = new Promise((resolve) => child.once('close', resolve));
  try {
    for (let tries = 0; ; tries++) {
      const answered = await fetch(address).then(
        () => true,
        () => false,
      );
      if (answered) break;
      if (child.exitCode !== null || tries > 600)
        throw new Error(`${args[0]} does not answer:\n${Buffer.concat(lines)}`);
      await pause(100);
    }
    return await use();
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
