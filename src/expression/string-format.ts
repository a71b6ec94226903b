// `str.format`: fields are looked up by index, name and `[key]` only. Attribute access, the classic way out of format
// strings, is refused.
import { raise } from './errors.ts';
import { admitText, type Evaluation, spend } from './evaluation.ts';
import { type Conversion, formatField } from './format.ts';
import { getItem } from './indexing.ts';
import { textRepr } from './text.ts';
import type { NamedArguments, Value } from './values.ts';

/** `template.format(*positional, **named)`. */
export function formatTemplate(
  evaluation: Evaluation,
  template: string,
  positional: readonly Value[],
  named: NamedArguments | null,
): string {
  return new Formatter(evaluation, positional, named).format(template, 2);
}

const FIELD = /^([^!:{}]*)(?:!([^:]*))?(?::([\s\S]*))?$/;

class Formatter {
  private readonly evaluation: Evaluation;
  private readonly positional: readonly Value[];
  private readonly named: NamedArguments | null;
  private numbering: 'automatic' | 'manual' | null = null;
  private next = 0;

  constructor(evaluation: Evaluation, positional: readonly Value[], named: NamedArguments | null) {
    this.evaluation = evaluation;
    this.positional = positional;
    this.named = named;
  }

  format(template: string, levels: number): string {
    if (levels < 1) raise('ValueError', 'Max string recursion exceeded');
    spend(this.evaluation, template.length);
    let result = '';
    let at = 0;
    while (at < template.length) {
      const character = template.charAt(at);
      if (character !== '{' && character !== '}') {
        const end = nextBrace(template, at);
        result += template.slice(at, end);
        at = end;
      } else if (template.charAt(at + 1) === character) {
        result += character;
        at += 2;
      } else if (character === '}') {
        raise('ValueError', "Single '}' encountered in format string");
      } else {
        const end = closingBrace(template, at);
        result += this.field(template.slice(at + 1, end), levels);
        at = end + 1;
      }
      admitText(this.evaluation, result.length);
    }
    return result;
  }

  private field(text: string, levels: number): string {
    const match = FIELD.exec(text);
    if (match === null) return raise('ValueError', "unexpected '{' in field name");
    const [, name = '', conversion, spec = ''] = match;
    const value = this.lookup(name);
    if (conversion !== undefined && conversion !== 's' && conversion !== 'r' && conversion !== 'a') {
      raise(
        'ValueError',
        conversion === ''
          ? 'end of string while looking for conversion specifier'
          : `Unknown conversion specifier '${conversion}'`,
      );
    }
    const fullSpec = spec.includes('{') || spec.includes('}') ? this.format(spec, levels - 1) : spec;
    return formatField(this.evaluation, value, (conversion as Conversion | undefined) ?? null, fullSpec);
  }

  private lookup(name: string): Value {
    const first = /^[^.[]*/.exec(name)?.[0] ?? '';
    let value = this.root(first);
    let rest = name.slice(first.length);
    while (rest !== '') {
      const match = /^\[([^\]]*)\]/.exec(rest);
      if (match === null) {
        if (rest.startsWith('.'))
          raise('AttributeError', 'attribute access is not allowed in format strings');
        return raise('ValueError', "Only '.' or '[' may follow ']' in format field specifier");
      }
      const key = match[1] ?? '';
      if (key === '') raise('ValueError', 'Empty attribute in format string');
      value = getItem(this.evaluation, value, /^[0-9]+$/.test(key) ? Number(key) : key);
      rest = rest.slice(match[0].length);
    }
    return value;
  }

  private root(name: string): Value {
    if (name !== '' && !/^[0-9]+$/.test(name)) {
      const value = this.named?.get(name);
      return value !== undefined ? value : raise('KeyError', textRepr(name));
    }
    const numbering = name === '' ? 'automatic' : 'manual';
    if (this.numbering !== null && this.numbering !== numbering) {
      raise('ValueError', `cannot switch from ${this.numbering} to ${numbering} field numbering`);
    }
    this.numbering = numbering;
    const index = name === '' ? this.next++ : Number(name);
    const value = this.positional[index];
    if (value !== undefined) return value;
    return raise('IndexError', `Replacement index ${index} out of range for positional args tuple`);
  }
}

function nextBrace(template: string, from: number): number {
  for (let i = from; i < template.length; i++) {
    const code = template.charCodeAt(i);
    if (code === 123 || code === 125) return i;
  }
  return template.length;
}

function closingBrace(template: string, open: number): number {
  let depth = 0;
  for (let i = open; i < template.length; i++) {
    const character = template.charAt(i);
    if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return i;
  }
  return raise(
    'ValueError',
    open + 1 >= template.length
      ? "Single '{' encountered in format string"
      : "expected '}' before end of string",
  );
}
