// Reads what a person says about providers: where they are, which variable holds the key, what they take. Holds no key,
// and never repeats a text that may be one.
import { readDecimal } from './claims.ts';
import type { Cursor } from './cursor.ts';
import type { Mode, ProviderSettings } from './pipeline.ts';
import type { Reading } from './reading.ts';
import { FREE_PROVIDERS, isLoopback, MODES, OWN_PROTOCOLS } from './resolve.ts';
import type { NativeInput } from './schema.ts';

type ProvidersInput = NonNullable<NativeInput['providers']>;
type SettingsInput = ProvidersInput[string];

/** Settings by provider name, in the user's order. */
export function readProviders(
  cursor: Cursor<ProvidersInput>,
  reading: Reading,
): Readonly<Record<string, ProviderSettings>> {
  return Object.fromEntries(
    cursor.entries().map(({ name, cursor: settings }) => [name, readSettings(settings, name, reading)]),
  );
}

function readSettings(input: Cursor<SettingsInput>, name: string, reading: Reading): ProviderSettings {
  const settings: ProviderSettings = {
    protocol: OWN_PROTOCOLS.find((one) => one === input.at('protocol').text()) ?? null,
    baseUrl: readBaseUrl(input.at('base_url'), name, reading),
    keyEnv: readKeyEnv(input.at('key_env'), name, reading),
    headers: readHeaders(input.at('headers'), name, reading),
    api: (['chat', 'responses'] as const).find((one) => one === input.at('api').text()) ?? null,
    completionWindow: input.at('completion_window').text(),
    maxRequests: input.at('max_requests').integer(),
    maxBytes: input.at('max_bytes').integer(),
    queueTokens: input.at('queue_tokens').integer(),
    batchDiscount: readDecimal(input.at('batch_discount'), `providers.${name}.batch_discount`, reading),
    concurrency: input.at('concurrency').integer(),
    batchMaxAgeHours: input.at('batch_max_age_hours').number(),
  };
  checkTogether(input, settings, name, reading);
  return settings;
}

/** How models are asked, where it is said. */
export function readMode(cursor: Cursor<string>): Mode | null {
  return MODES.find((one) => one === cursor.text()) ?? null;
}

/** How far a limit of output tokens may grow, where it is said; a ceiling below the limit is a mistake. */
export function readTokensCeiling(
  cursor: Cursor<number>,
  maxTokens: number,
  reading: Reading,
): number | null {
  const ceiling = cursor.integer();
  if (ceiling !== null && ceiling < maxTokens) {
    const what = `max_tokens_ceiling is ${ceiling}, below max_tokens, which is ${maxTokens}`;
    reading.mistakes.add(cursor.place, what, 'raise it, or remove it');
  }
  return ceiling;
}

const OPENAI_ONLY = ['api', 'completion_window'] as const;
const NOT_FREE = [
  'protocol',
  'base_url',
  'key_env',
  'headers',
  'api',
  'completion_window',
  'batch_discount',
] as const;

/** What single keys cannot tell: whether they make sense for this provider. */
function checkTogether(
  input: Cursor<SettingsInput>,
  settings: ProviderSettings,
  name: string,
  reading: Reading,
): void {
  if (FREE_PROVIDERS.includes(name)) {
    for (const key of NOT_FREE) {
      if (!input.at(key).present) continue;
      const what = `providers.${name}.${key} has no meaning: '${name}' is not reached over a network`;
      reading.mistakes.add(input.at(key).place, what, 'remove it, or give your provider another name');
    }
    return;
  }
  const own = OWN_PROTOCOLS.find((one) => one === name) ?? null;
  if (own === null && !input.at('protocol').present) {
    const what = `providers.${name} does not say whose protocol it speaks`;
    reading.mistakes.add(input.place, what, `add 'protocol:' with one of ${OWN_PROTOCOLS.join(', ')}`);
  }
  const protocol = settings.protocol ?? own;
  for (const key of OPENAI_ONLY) {
    if (!input.at(key).present || protocol === 'openai' || protocol === null) continue;
    const what = `providers.${name}.${key} belongs to the protocol openai, and this one is ${protocol}`;
    reading.mistakes.add(input.at(key).place, what, 'remove it');
  }
  // A key goes only where its owner said that it may go.
  if (settings.baseUrl !== null && settings.keyEnv === null && !isLoopback(settings.baseUrl)) {
    if (input.at('key_env').present) return;
    const what = `providers.${name} has an address of its own, but does not say which key may be sent there`;
    reading.mistakes.add(input.at('base_url').place, what, "add 'key_env:' with the variable's name");
  }
}

function readBaseUrl(cursor: Cursor<string>, name: string, reading: Reading): string | null {
  const text = cursor.text();
  if (text === null) return null;
  const where = `providers.${name}.base_url`;
  const refuse = (what: string, fix: string): null => {
    reading.mistakes.add(cursor.place, `${where} ${what}`, fix);
    return null;
  };
  const url = URL.canParse(text) && !/[\s\\]/.test(text) ? new URL(text) : null;
  if (url === null || !/^https?:\/\//i.test(text)) {
    return refuse('is no web address', 'write one such as https://api.example.com/v1');
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('holds a user name or password', "remove it; a key comes from the variable of 'key_env:'");
  }
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) {
    return refuse('has a part after ? or #', "remove it; more headers go under 'headers:'");
  }
  if (url.protocol === 'http:' && !isLoopback(text)) {
    return refuse('would send the key unencrypted', 'use https');
  }
  return url.href.replace(/\/+$/, '');
}

function readKeyEnv(cursor: Cursor<string>, name: string, reading: Reading): string | null {
  const text = cursor.text();
  if (text === null) return null;
  if (/^[A-Z_][A-Z0-9_]{0,99}$/.test(text)) return text;
  const what = `providers.${name}.key_env is not the name of a variable (not shown, in case it is a key)`;
  const fix =
    'write the name of the environment variable that holds the key, such as OPENAI_API_KEY; withdraw a key that stood here';
  reading.mistakes.add(cursor.place, what, fix);
  return null;
}

/** Headers that carry keys, or that the client sets itself. */
const OWN_HEADERS = new Set([
  'accept',
  'accept-encoding',
  'api-key',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-api-key',
  'x-client-request-id',
  'x-goog-api-key',
]);

function readHeaders(
  cursor: Cursor<Record<string, unknown>>,
  name: string,
  reading: Reading,
): Readonly<Record<string, string>> {
  const headers: [string, string][] = [];
  for (const { name: header, namePlace, cursor: value } of cursor.entries()) {
    const text = value.text();
    const lower = header.toLowerCase();
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(header)) {
      const what = `providers.${name}.headers has a name that no header can have`;
      reading.mistakes.add(namePlace, what, "use letters, digits and '-'");
    } else if (OWN_HEADERS.has(lower)) {
      const what = `providers.${name}.headers sets '${lower}', which is set for you`;
      reading.mistakes.add(namePlace, what, "remove it; a key comes from the variable of 'key_env:'");
    } else if (headers.some(([other]) => other === lower)) {
      reading.mistakes.add(namePlace, `providers.${name}.headers sets '${lower}' twice`, 'remove one');
    } else if (text === null || !/^[\x21-\x7e](?:[\x20-\x7e]{0,998}[\x21-\x7e])?$/.test(text)) {
      const what = `providers.${name}.headers.${lower} is no text that a header can carry`;
      reading.mistakes.add(value.place, what, 'write one line of plain ASCII text, in quotes');
    } else headers.push([lower, text]);
  }
  return Object.fromEntries(headers);
}
