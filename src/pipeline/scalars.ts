// What a plain (unquoted) YAML scalar means, in YAML 1.2's core schema and in YAML 1.1 as PyYAML reads it.
// Works on the written text, so that 5 and 5.0, and integers beyond 2^53, keep their meaning.
import { makeFloat, makeInt, type Value } from '../expression/values.ts';

/** Which rules apply: `1.2` is the core schema, `1.1` is PyYAML's safe loader. */
export type YamlVersion = '1.1' | '1.2';

/** The meaning of a plain scalar. Infinite and undefined numbers come back as JS numbers. */
export function plainScalar(text: string, version: YamlVersion): Value {
  if (NULL.test(text)) return null;
  return version === '1.2' ? core(text) : pyYaml(text);
}

const NULL = /^(?:~|null|Null|NULL|)$/;

function core(text: string): Value {
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?[0-9]+$/.test(text)) return integer(text);
  if (/^0o[0-7]+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return makeInt(BigInt(text));
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text)) {
    return makeFloat(Number(text));
  }
  return special(text) ?? text;
}

function pyYaml(text: string): Value {
  if (/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(text)) return true;
  if (/^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(text)) return false;
  // PyYAML wants a dot, and a sign in the exponent: 1e5 and 1.5e3 are text.
  if (/^[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?$/.test(text)) return float(text);
  if (/^\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?$/.test(text)) return float(text);
  if (/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/.test(text)) return makeFloat(sexagesimal(text));
  if (/^[-+]?0b[01_]+$/.test(text)) return based(text, '0b');
  if (/^[-+]?0[0-7_]+$/.test(text)) return based(text, '0o');
  if (/^[-+]?0x[0-9a-fA-F_]+$/.test(text)) return based(text, '0x');
  if (/^[-+]?(?:0|[1-9][0-9_]*)$/.test(text)) return integer(text.replaceAll('_', ''));
  if (/^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/.test(text)) return sexagesimal(text);
  return special(text) ?? text;
}

function special(text: string): number | null {
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? Number.NaN : null;
}

function integer(text: string): Value {
  return makeInt(BigInt(text.replace('+', '')));
}

function float(text: string): Value {
  return makeFloat(Number(text.replaceAll('_', '')));
}

function based(text: string, prefix: string): Value {
  const digits = text.replace(/^[-+]?0[bx]?/, '').replaceAll('_', '');
  const size = BigInt(prefix + (digits === '' ? '0' : digits));
  return makeInt(text.startsWith('-') ? -size : size);
}

// 1:30 is 90 in YAML 1.1.
function sexagesimal(text: string): number {
  const parts = text.replace(/^[-+]/, '').replaceAll('_', '').split(':');
  const total = parts.reduce((sum, part) => sum * 60 + Number(part), 0);
  return text.startsWith('-') ? -total : total;
}
