// The simulator's own endpoint below /_octobatch: contexts, settings, mishaps, witness, bill. No real provider has it, and
// nothing that goes through it stands in a provider request.
import { ContextError } from './contexts.ts';
import { FaultsError } from './faults.ts';
import { type Exchange, readJson, sendJson, sendStream } from './http.ts';
import { billOf } from './ledger.ts';
import { MishapError, readWaitingMishap } from './mishap-input.ts';
import type { Mishaps } from './mishaps.ts';
import type { Protocol, ServiceParts } from './protocol.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import { doubleSubmissions, witnessLines } from './witness.ts';

/** Where the control endpoint lives. */
export const CONTROL_PATH = '/_octobatch';

/** What the control endpoint works with. */
export interface ControlParts extends ServiceParts {
  readonly mishaps: Mishaps;
  /** The settings this process was started with. */
  readonly own: Settings;
  readonly protocols: readonly Protocol[];
}

/** Answers a control request; false when there is no such path. */
export function createControl(parts: ControlParts): (exchange: Exchange) => Promise<boolean> {
  const { store, contexts, ledger, mishaps, protocols } = parts;

  async function route({ method, path, request, response }: Exchange): Promise<boolean> {
    switch (`${method} ${path}`) {
      case 'GET /health':
        sendJson(response, 200, { ok: true, protocols: protocols.map((one) => one.name) });
        return true;
      case 'POST /contexts':
        sendJson(response, 200, { registered: await contexts.register(request) });
        return true;
      case 'GET /settings':
        sendJson(response, 200, await parts.settings());
        return true;
      case 'PUT /settings': {
        const given = await readJson(request);
        const settings = readSettings(given, parts.own);
        await store.replaceSettings(JSON.stringify(given));
        sendJson(response, 200, settings);
        return true;
      }
      case 'POST /mishaps': {
        const waiting = readWaitingMishap(await readJson(request));
        mishaps.add(waiting);
        sendJson(response, 200, waiting);
        return true;
      }
      case 'GET /log':
        await sendStream(response, 'application/jsonl', witnessLines(store));
        return true;
      case 'GET /doubles':
        sendJson(response, 200, await doubleSubmissions(store));
        return true;
      case 'GET /bill': {
        // Batches that ended while nobody looked cost what the others cost.
        for (const { batches } of protocols) await batches.settle();
        sendJson(response, 200, await billOf(ledger.entries(), (await parts.settings()).prices));
        return true;
      }
      default:
        return false;
    }
  }

  return async (exchange) => {
    try {
      return await route(exchange);
    } catch (error) {
      const known =
        error instanceof ContextError ||
        error instanceof SettingsError ||
        error instanceof FaultsError ||
        error instanceof MishapError;
      if (!known) throw error;
      sendJson(exchange.response, 400, { error: { message: error.message } });
      return true;
    }
  };
}
