// The HTML report in a browser, as a person opens it: from the disk, light, dark, narrow and on paper. Chromium is the one
// that is installed; axe-core is installed for the proof alone, into a temporary folder. Without either it is skipped.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withPackage } from './outside.mjs';
import { result, root } from './stages.mjs';

const AXE = 'axe-core@4.10.3';
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Tab stops of a page are fewer than this; a keyboard that never leaves it is a trap. */
const MOST_STOPS = 2000;
const VIEWS = [
  { name: 'light', width: 1200, scheme: 'light', media: 'screen' },
  { name: 'dark', width: 1200, scheme: 'dark', media: 'screen' },
  { name: '500 px', width: 500, scheme: 'light', media: 'screen' },
  { name: 'on paper', width: 794, scheme: 'light', media: 'print' },
];

/** Opens the pages that the tests hold as golden files, as they would be published. `build/` must be compiled. */
export async function page() {
  const browser = findBrowser();
  if (browser === null) return result(0, 0, 1, `none of ${BROWSERS.join(', ')} is on PATH`);
  return withPackage(AXE, async (folder) => {
    const axe = readFileSync(join(folder, 'node_modules/axe-core/axe.min.js'), 'utf8');
    const work = mkdtempSync(join(tmpdir(), 'octobatch-page-'));
    const session = await openBrowser(browser, join(work, 'profile'));
    const wrong = [];
    let checks = 0;
    try {
      for (const [name, path] of await writePages(work)) {
        for (const view of VIEWS) {
          const found = await lookAt(session, path, view, axe);
          checks += found.checks;
          wrong.push(...found.wrong.map((text) => `${name}, ${view.name}: ${text}`));
        }
      }
    } finally {
      await session.close();
      rmSync(work, { recursive: true, force: true });
    }
    return result(checks - wrong.length, wrong.length, 0, wrong.join('\n'));
  });
}

/** The goldens of the tests, made whole again: those hold neither style nor script. */
async function writePages(work) {
  const { STYLE } = await import(pathToFileURL(join(root, 'build/report/html-style.js')).href);
  const { SCRIPT } = await import(pathToFileURL(join(root, 'build/report/html-script.js')).href);
  const golden = join(root, 'test/golden/report');
  return ['pass', 'fail', 'pending', 'error', 'compared', 'compared-groups'].map((name) => {
    const text = readFileSync(join(golden, `page-${name}.html`), 'utf8')
      .replace('<style></style>', () => `<style>${STYLE}</style>`)
      .replace('<script></script>', () => `<script>${SCRIPT}</script>`)
      .replace('style-src &#39;sha256-&#39;', `style-src &#39;${hashOf(STYLE)}&#39;`)
      .replace('script-src &#39;sha256-&#39;', `script-src &#39;${hashOf(SCRIPT)}&#39;`);
    const path = join(work, `${name}.html`);
    writeFileSync(path, text);
    return [name, path];
  });
}

function hashOf(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function findBrowser() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

/** One view of one page: no message, no request but the page, nothing serious for axe, no sideways scrolling, no trap. */
async function lookAt(session, path, { width, scheme, media }, axe) {
  const wrong = [];
  await session.view(width, scheme, media);
  await session.open(path);
  if (media === 'print') {
    await session.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    const hidden = await session.evaluate(
      `[...document.querySelectorAll('details')].filter((one) => !one.open).length`,
    );
    if (hidden > 0) wrong.push(`${hidden} parts stay folded`);
  }
  const wide = await session.evaluate('document.documentElement.scrollWidth - innerWidth');
  if (wide > 0 && media === 'screen') wrong.push(`the page is ${wide} px wider than the window`);
  const stops = media === 'screen' ? await tabThrough(session) : 1;
  if (stops === null) wrong.push('the keyboard does not get out of the page');
  await session.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true;
    for (const one of [...document.querySelectorAll('.unfold')].slice(0, 3)) one.click();`);
  // Evaluated by the debugger, which no policy of the page binds.
  await session.evaluate(`${axe};0`);
  const found = await session.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => [impact, id, nodes[0].html.slice(0, 120)].join(' ')))`,
  );
  wrong.push(...found.filter((text) => /^(serious|critical)/.test(text)).map((text) => `axe: ${text}`));
  const { messages, requests } = session.seen();
  wrong.push(...messages.map((text) => `console: ${text}`));
  wrong.push(...requests.filter((url) => url !== pathToFileURL(path).href).map((url) => `asked for ${url}`));
  return { checks: 6, wrong };
}

/** How many stops the keyboard makes before it leaves the page; null: it never does. */
async function tabThrough(session) {
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    await session.press('Tab', 9);
    if (await session.evaluate('document.activeElement === document.body')) return stops;
  }
  return null;
}

/** A headless browser over its debugging pipe: descriptors 3 and 4, messages that end in a zero byte. */
async function openBrowser(command, profile) {
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
  ];
  const child = spawn(command, [...flags, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise((resolve) => child.once('close', resolve));
  const [, , , input, output] = child.stdio;
  const waiting = new Map();
  let events = [];
  let rest = Buffer.alloc(0);
  output.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const message = JSON.parse(rest.subarray(0, end).toString('utf8'));
      rest = rest.subarray(end + 1);
      const settle = waiting.get(message.id);
      if (settle === undefined) events.push(message);
      else if (message.error === undefined) settle.resolve(message.result);
      else settle.reject(new Error(message.error.message));
      waiting.delete(message.id);
    }
  });
  let last = 0;
  let sessionId;
  const send = (method, params = {}) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      input.write(`${JSON.stringify({ id: last, method, params, ...(sessionId && { sessionId }) })}\0`);
    });
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  ({ sessionId } = await send('Target.attachToTarget', { targetId, flatten: true }));
  for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await send(`${domain}.enable`);
  const evaluate = async (expression) => {
    const { result: value, exceptionDetails } = await send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return value.value;
  };
  return {
    evaluate,
    async view(width, scheme, media) {
      const features = [{ name: 'prefers-color-scheme', value: scheme }];
      await send('Emulation.setEmulatedMedia', { media, features });
      await send('Emulation.setDeviceMetricsOverride', {
        width,
        height: 900,
        deviceScaleFactor: 1,
        mobile: false,
      });
    },
    async open(path) {
      const { href } = pathToFileURL(path);
      events = [];
      await send('Page.navigate', { url: href });
      const isThere = `location.href === ${JSON.stringify(href)} && document.readyState === 'complete'`;
      while (!(await evaluate(isThere))) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    async press(key, code) {
      for (const type of ['keyDown', 'keyUp']) {
        await send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: code });
      }
    },
    seen() {
      const loud = ['Log.entryAdded', 'Runtime.consoleAPICalled', 'Runtime.exceptionThrown'];
      const messages = events
        .filter(({ method }) => loud.includes(method))
        .map(({ params }) => JSON.stringify(params).slice(0, 300));
      const requests = events
        .filter(({ method }) => method === 'Network.requestWillBeSent')
        .map(({ params }) => params.request.url);
      return { messages, requests };
    },
    async close() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
