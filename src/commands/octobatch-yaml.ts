// Writes data as YAML that PyYAML reads back as it was. It quotes every text, and never guesses what a plain word means to
// a reader of YAML 1.1.

/** JSON text that is put into YAML as it stands, so that its numbers stay exact. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What can be written. */
export type YamlData =
  | null
  | boolean
  | number
  | string
  | JsonText
  | readonly YamlData[]
  | { readonly [name: string]: YamlData | undefined };

/** A document. Members that are undefined are left out. */
export function writeYaml(data: YamlData): string {
  return `${block(data, '').trimStart()}\n`;
}

/** JSON text whose numbers PyYAML takes for numbers: `1e-07` it takes for a text. */
export function yamlOfJson(text: string): string {
  return escapeBreaks(
    text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?[eE][+-]?\d+/g, (part) =>
      part.startsWith('"') ? part : withPoint(part),
    ),
  );
}

function block(data: YamlData, indent: string): string {
  if (isList(data)) {
    if (data.length === 0) return ' []';
    return data.map((one) => `\n${indent}-${inItem(one, `${indent}  `)}`).join('');
  }
  if (typeof data === 'object' && data !== null && !(data instanceof JsonText)) {
    const members = Object.entries(data).filter(([, value]) => value !== undefined);
    if (members.length === 0) return ' {}';
    return members
      .map(([name, value]) => `\n${indent}${scalar(name)}:${block(value!, `${indent}  `)}`)
      .join('');
  }
  return ` ${scalar(data as Exclude<typeof data, readonly YamlData[]>)}`;
}

/** An item of a list: its first line stands beside the dash. */
function inItem(data: YamlData, indent: string): string {
  return ` ${block(data, indent).trimStart()}`;
}

function isList(data: YamlData): data is readonly YamlData[] {
  return Array.isArray(data);
}

function scalar(data: null | boolean | number | string | JsonText): string {
  if (data instanceof JsonText) return yamlOfJson(data.text);
  if (typeof data === 'string')
    return /^[a-z]{3,}(_[a-z]+)*$/.test(data) && !WORDS.has(data) ? data : quoted(data);
  if (typeof data !== 'number') return String(data);
  if (!Number.isFinite(data)) return data > 0 ? '.inf' : '-.inf';
  return /e/.test(String(data)) ? withPoint(String(data)) : String(data);
}

/** What YAML 1.1 reads as something else than a text. */
const WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'yes', 'off']);

function quoted(text: string): string {
  return escapeBreaks(JSON.stringify(text));
}

/** What is a line break or no character in YAML, though JSON lets it stand. */
function escapeBreaks(text: string): string {
  return text.replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function withPoint(number: string): string {
  const [digits, exponent] = number.toLowerCase().split('e') as [string, string];
  return `${digits.includes('.') ? digits : `${digits}.0`}e${/^[+-]/.test(exponent) ? exponent : `+${exponent}`}`;
}
