// The Report as JSON text, for machines. The same report gives the same bytes.
import type { Report } from './report.ts';

/** Indented JSON with a line end. */
export function toJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
