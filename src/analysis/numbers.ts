// How numbers are written for people: one place, so that every surface shows the same figure. English, no locale.

/** `12,345`. */
export function formatCount(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 unit`, `2,000 units`. */
export function formatUnits(n: number): string {
  return `${formatCount(n)} ${n === 1 ? 'unit' : 'units'}`;
}

/** `812 B`, `3.4 kB`, `12 MB`: decimal units, three digits. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}

/** Decimals of a percentage that n units can carry. */
export function percentDecimals(n: number): number {
  return n < 400 ? 0 : n < 40_000 ? 1 : 2;
}

/** A share as `41%`. What is not exactly 0 or 1 is never written as 0% or 100%: more decimals are shown instead. */
export function formatPercent(share: number, decimals: number = 0): string {
  for (let shown = decimals; ; shown++) {
    const text = (share * 100).toFixed(shown);
    const hidden = (Number(text) === 0 && share > 0) || (Number(text) === 100 && share < 1);
    if (!hidden || shown >= decimals + 4) return share === 0 || share === 1 ? `${share * 100}%` : `${text}%`;
  }
}

/** Decimals that show two significant digits of an error; 0 to 10. */
export function errorDecimals(error: number): number {
  if (!(error > 0) || !Number.isFinite(error)) return 2;
  return Math.min(10, Math.max(0, 1 - Math.floor(Math.log10(error))));
}

/** A number with that many decimals, thousands separated, and a real minus sign. */
export function formatNumber(x: number, decimals: number): string {
  if (!Number.isFinite(x)) return x > 0 ? '∞' : x < 0 ? '−∞' : 'not a number';
  if (Math.abs(x) >= 1e15) return x.toExponential(3).replace('-', '−').replace('+', '');
  const [whole = '0', fraction] = Math.abs(x).toFixed(decimals).split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`);
  return x < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** A number as short as it can be written with at most six significant digits. */
export function formatPlain(x: number): string {
  if (!Number.isFinite(x)) return formatNumber(x, 0);
  const rounded = Number(x.toPrecision(6));
  const decimals = (/\.(\d+)/.exec(String(rounded))?.[1] ?? '').length;
  return Math.abs(rounded) < 1e-6 && rounded !== 0
    ? String(rounded).replace('-', '−')
    : formatNumber(rounded, decimals);
}

/** Rounds up to two significant digits, for counts that are only rough: 1,787 becomes 1,800. */
export function roughly(n: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(n)) - 1);
  return Math.ceil(n / step) * step;
}
