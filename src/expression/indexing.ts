// Subscripts and slices: `xs[0]`, `d['k']`, `s[::-1]`. Reading only; nothing is assigned through a subscript.

import { raise } from './errors.ts';
import { admitItems, type Evaluation, spend } from './evaluation.ts';
import { dictLookup } from './keys.ts';
import { asInt, isIntegral } from './numbers.ts';
import { characters, hasSurrogates, pyRepr } from './text.ts';
import { PyDict, PyHost, PyList, PyRange, PySlice, PyTuple, typeName, type Value } from './values.ts';

/** `container[index]`. */
export function getItem(evaluation: Evaluation, container: Value, index: Value): Value {
  if (container instanceof PyList) {
    if (index instanceof PySlice) {
      return new PyList(sliceItems(evaluation, container.items, container.length, index));
    }
    return container.items[position(index, container.length, 'list')]!;
  }
  if (container instanceof PyDict) {
    const value = dictLookup(evaluation, container, index);
    return value !== undefined ? value : raise('KeyError', pyRepr(evaluation, index));
  }
  if (typeof container === 'string') return textItem(evaluation, container, index);
  if (container instanceof PyTuple) {
    const { items } = container;
    if (index instanceof PySlice) return new PyTuple(sliceItems(evaluation, items, items.length, index));
    return items[position(index, items.length, 'tuple')]!;
  }
  if (container instanceof PyRange) return rangeItem(container, index);
  if (container instanceof PyHost && typeof index === 'string') {
    const value = container.attribute(index);
    if (value !== undefined) return value;
  }
  return raise('TypeError', `'${typeName(container)}' object is not subscriptable`);
}

function position(index: Value, length: number, what: string): number {
  if (!isIntegral(index))
    raise('TypeError', `${what} indices must be integers or slices, not ${typeName(index)}`);
  const int = asInt(index);
  if (typeof int === 'bigint') raise('IndexError', "cannot fit 'int' into an index-sized integer");
  const place = int < 0 ? int + length : int;
  if (place < 0 || place >= length) {
    raise('IndexError', what === 'range' ? 'range object index out of range' : `${what} index out of range`);
  }
  return place;
}

function textItem(evaluation: Evaluation, text: string, index: Value): string {
  if (hasSurrogates(text)) {
    spend(evaluation, text.length >> 2);
    const parts = characters(text);
    if (index instanceof PySlice) return sliceItems(evaluation, parts, parts.length, index).join('');
    return parts[position(index, parts.length, 'string')]!;
  }
  if (!(index instanceof PySlice)) return text.charAt(position(index, text.length, 'string'));
  const { start, stop, step, count } = sliceBounds(index, text.length);
  spend(evaluation, count >> 4);
  if (step === 1) return text.slice(start, Math.max(start, stop));
  spend(evaluation, count);
  let result = '';
  for (let i = 0, at = start; i < count; i++, at += step) result += text.charAt(at);
  return result;
}

function rangeItem(range: PyRange, index: Value): Value {
  if (!(index instanceof PySlice)) return range.start + position(index, range.length, 'range') * range.step;
  const { start, stop, step, count } = sliceBounds(index, range.length);
  return new PyRange(
    range.start + start * range.step,
    range.start + stop * range.step,
    range.step * step,
    count,
  );
}

/** A slice made definite for a length, as CPython's PySlice_AdjustIndices does. */
export interface SliceBounds {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly count: number;
}

/** Bounds of a slice over `length` items. Throws ValueError for step 0. */
export function sliceBounds(slice: PySlice, length: number): SliceBounds {
  const step = slicePart(slice.step) ?? 1;
  if (step === 0) raise('ValueError', 'slice step cannot be zero');
  const low = step < 0 ? -1 : 0;
  const high = step < 0 ? length - 1 : length;
  const start = clamp(slicePart(slice.start), step < 0 ? high : low, length, low, high);
  const stop = clamp(slicePart(slice.stop), step < 0 ? low : high, length, low, high);
  const distance = step > 0 ? stop - start : start - stop;
  return { start, stop, step, count: distance > 0 ? Math.floor((distance - 1) / Math.abs(step)) + 1 : 0 };
}

function clamp(value: number | null, missing: number, length: number, low: number, high: number): number {
  if (value === null) return missing;
  return value < 0 ? Math.max(value + length, low) : Math.min(value, high);
}

function slicePart(value: Value): number | null {
  if (value === null) return null;
  if (!isIntegral(value))
    raise('TypeError', 'slice indices must be integers or None or have an __index__ method');
  const int = asInt(value);
  if (typeof int === 'number') return int;
  return int > 0n ? Number.MAX_SAFE_INTEGER : -Number.MAX_SAFE_INTEGER;
}

function sliceItems<T>(evaluation: Evaluation, items: readonly T[], length: number, slice: PySlice): T[] {
  const { start, stop, step, count } = sliceBounds(slice, length);
  admitItems(evaluation, count);
  if (step === 1) return items.slice(start, Math.max(start, stop));
  const result: T[] = [];
  for (let i = 0, at = start; i < count; i++, at += step) result.push(items[at]!);
  return result;
}
