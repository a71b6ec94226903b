// The simulator's own endpoint below /_octobatch: contexts, settings, mishaps, witness. No real provider has it, and
// nothing that goes through it stands in a provider request.
import { ContextError, type ContextShelf } from './contexts.ts';
import { FaultsError } from './faults.ts';
import { type Exchange, readJson, sendJson, sendStream } from './http.ts';
import type { Mishap, Mishaps } from './mishaps.ts';
import { currentSettings, readSettings, type Settings, SettingsError } from './settings.ts';
import type { Store } from './store.ts';
import { doubleSubmissions, witnessLines } from './witness.ts';

/** Where the control endpoint lives. */
export const CONTROL_PATH = '/_octobatch';

/** What the control endpoint works with. */
export interface ControlParts {
  readonly store: Store;
  readonly contexts: ContextShelf;
  readonly mishaps: Mishaps;
  readonly settings: Settings;
}

/** Answers a control request; false when there is no such path. */
export function createControl(parts: ControlParts): (exchange: Exchange) => Promise<boolean> {
  const { store, contexts, mishaps } = parts;

  async function route({ method, path, request, response }: Exchange): Promise<boolean> {
    switch (`${method} ${path.slice(CONTROL_PATH.length)}`) {
      case 'GET /health':
        sendJson(response, 200, { ok: true, protocols: ['openai'] });
        return true;
      case 'POST /contexts':
        sendJson(response, 200, { registered: await contexts.register(request) });
        return true;
      case 'GET /settings':
        sendJson(response, 200, await currentSettings(store, parts.settings));
        return true;
      case 'PUT /settings': {
        const given = await readJson(request);
        const settings = readSettings(given, parts.settings);
        await store.replaceSettings(JSON.stringify(given));
        sendJson(response, 200, settings);
        return true;
      }
      case 'POST /mishaps': {
        const mishap = readMishap(await readJson(request));
        mishaps.add(mishap);
        sendJson(response, 200, mishap);
        return true;
      }
      case 'GET /log':
        await sendStream(response, 'application/jsonl', witnessLines(store));
        return true;
      case 'GET /doubles':
        sendJson(response, 200, await doubleSubmissions(store));
        return true;
      default:
        return false;
    }
  }

  return async (exchange) => {
    try {
      return await route(exchange);
    } catch (error) {
      const known =
        error instanceof ContextError || error instanceof SettingsError || error instanceof FaultsError;
      if (!known) throw error;
      sendJson(exchange.response, 400, { error: { message: error.message } });
      return true;
    }
  };
}

function readMishap(value: unknown): Mishap {
  const given = (value ?? {}) as Record<string, unknown>;
  const times = given.times ?? 1;
  if (typeof times !== 'number') throw new SettingsError('times is a number');
  if (given.kind === 'lose_create_answer') return { kind: given.kind, times };
  if (given.kind === 'cut_download' && typeof given.afterBytes === 'number') {
    return { kind: given.kind, afterBytes: given.afterBytes, times };
  }
  if (
    given.kind === 'fail' &&
    typeof given.method === 'string' &&
    typeof given.path === 'string' &&
    typeof given.status === 'number'
  ) {
    const { kind, method, path, status, code } = given;
    return { kind, method, path, status, times, ...(typeof code === 'string' ? { code } : {}) };
  }
  throw new SettingsError(
    'a mishap is lose_create_answer, fail {method, path, status} or cut_download {afterBytes}',
  );
}
