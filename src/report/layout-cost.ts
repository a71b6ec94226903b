// What a run cost, step by step and model by model, and where the prices come from.
import { type Block, joinText, paragraph, type Text } from './block.ts';
import { costSummary, uncertainPhrase } from './cost-text.ts';
import type { PricedModel, Report } from './report.ts';
import { costTable } from './tables.ts';

/** The folded part on cost; nothing when no step asks a model. */
export function costBlocks(report: Report): readonly Block[] {
  const table = costTable(report);
  if (table.rows.length === 0) return [];
  const blocks: Block[] = [{ kind: 'table', table }, ...costNotes(report)];
  return [{ kind: 'details', summary: `Cost: ${costSummary(report)}`, blocks }];
}

/** What the table of costs does not say: what may be more, and where prices come from. */
export function costNotes(report: Report): readonly Block[] {
  const blocks: Block[] = [];
  const more = uncertainPhrase(report);
  if (more !== null) blocks.push(paragraph([`${more.charAt(0).toUpperCase()}${more.slice(1)}.`]));
  const { prices } = report.cost;
  if (prices.length > 0) blocks.push(paragraph(['Prices: ', ...joinText(prices.map(priceText), '; '), '.']));
  return blocks;
}

function priceText({ provider, model, mode, source }: PricedModel): Text {
  const name: Text = [
    { name: provider },
    ' ',
    { code: model, max: 64 },
    mode === 'batch' ? ' in batches ' : ' in single calls ',
  ];
  if (source === null) return [...name, 'unknown, declare it under prices: in the pipeline'];
  if (source === 'pipeline') return [...name, 'as the pipeline declares'];
  return [...name, 'from ', { code: source, max: 100 }];
}
