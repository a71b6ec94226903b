// What failures of a service mean, and that telling them tells no key and no prompt.
import { describe, expect, test } from 'vitest';
import {
  callFateOf,
  createdNothing,
  createTelling,
  isPassing,
  retryAfterOf,
  wasNeverSent,
} from '../../src/adapters/provider-errors.ts';

describe('a failed call', () => {
  test('has its fate by its status', () => {
    const fates = (statuses: (number | null)[]) => statuses.map(callFateOf);
    expect(fates([429, 409, 500, 503, 529])).toEqual(Array(5).fill('later'));
    expect(fates([null, 408, 502, 504, 520, 524, 200])).toEqual(Array(7).fill('unanswered'));
    expect(fates([301, 308, 401, 402, 403, 407])).toEqual(Array(6).fill('blocked'));
    expect(fates([400, 404, 405, 413, 415, 422])).toEqual(Array(6).fill('rejected'));
  });

  test('leaves doubt about a create unless the service said no', () => {
    expect([302, 400, 401, 404, 429].map(createdNothing)).toEqual(Array(5).fill(true));
    expect([null, 200, 408, 409, 500, 503, 504].map(createdNothing)).toEqual(Array(7).fill(false));
    expect([null, 408, 409, 429, 500, 502].map(isPassing)).toEqual(Array(6).fill(true));
    expect([302, 400, 401, 404].map(isPassing)).toEqual(Array(4).fill(false));
  });

  test('was never sent when no connection was made, and only then', () => {
    const because = (code: string) =>
      new Error('Connection error.', {
        cause: new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) }),
      });
    expect(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT'].map(because).map(wasNeverSent)).toEqual(
      Array(3).fill(true),
    );
    expect(
      ['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'EPIPE'].map(because).map(wasNeverSent),
    ).toEqual(Array(4).fill(false));
    const circle = new Error('x');
    circle.cause = circle;
    expect(wasNeverSent(circle)).toBe(false);
  });
});

describe('the wait a service asks for', () => {
  const wait = (headers: Record<string, string>) => retryAfterOf(new Headers(headers), 1_700_000_000_000);

  test('is in milliseconds, seconds, or until a date', () => {
    expect(wait({ 'retry-after-ms': '1500', 'retry-after': '9' })).toBe(1500);
    expect(wait({ 'retry-after': '2' })).toBe(2000);
    expect(wait({ 'retry-after': '0.25' })).toBe(250);
    expect(wait({ 'retry-after': 'Tue, 14 Nov 2023 22:13:50 GMT' })).toBe(30_000);
    expect(wait({ 'retry-after': 'Tue, 14 Nov 2023 22:00:00 GMT' })).toBe(0);
  });

  test('is unknown when it makes no sense, and a day at most', () => {
    expect(wait({})).toBeNull();
    expect(retryAfterOf(null)).toBeNull();
    expect(wait({ 'retry-after': 'soon' })).toBeNull();
    expect(wait({ 'retry-after': '1e999' })).toBeNull();
    expect(wait({ 'retry-after': '99999999999' })).toBe(86_400_000);
  });
});

describe('a failure, told', () => {
  const { tell, mask } = createTelling(['key-of-ours-1', 'header-value-2']);

  test('holds no secret of ours, and no key of anyone', () => {
    const words =
      'key-of-ours-1 header-value-2 sk-proj-abc123 AIzaSyA1234567 Incorrect: sk-ab****wxyz or abcd*****';
    expect(tell(new Error(words))).toBe('[key] [key] [key] [key] Incorrect: [key] or [key]');
    expect(mask(`{"x":"${words}"}`)).not.toMatch(/ours|value|sk-|AIza|\*/);
  });

  test('holds no echo of what was asked, as it is or escaped, and nothing longer than a line', () => {
    const prompt = 'Tell me "everything"\nabout the drunken sailor.';
    const quote = `Invalid input ${JSON.stringify(prompt)}: it says everything"\nabout the drunken.`;
    const told = tell(new Error(quote), [prompt, 'Be brief.']);
    expect(told).toMatch(/^Invalid input /);
    expect(told).not.toMatch(/sailor|drunken|everything/);
    expect(tell('cannot take "Be brief." here', ['Be brief.'])).toBe('cannot take "[...]" here');
    expect(tell('x'.repeat(10_000))).toHaveLength(303);
    expect(tell('a\nb\u001b[31mc\u2028d')).toBe('a b [31mc d');
  });

  test('tells the cause when it says more', () => {
    expect(tell(new Error('Connection error.', { cause: new Error('other side closed') }))).toBe(
      'Connection error. (other side closed)',
    );
  });

  test('takes no long time over a long text', () => {
    expect(mask('a'.repeat(2_000_000))).toHaveLength(2_000_000);
    expect(tell('ab '.repeat(100_000), ['ab '.repeat(100_000)])).not.toContain('ab ab ab ab ab ab');
  });
});
