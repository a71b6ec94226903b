// The head of the page: the verdict as a word, the headline, what it rests on or why there is none, and the books.
import { type Block, paragraph } from './block.ts';
import { oneLine } from './escape.ts';
import { verdictWord } from './headline.ts';
import { chip, writeBlocks, writeText } from './html-blocks.ts';
import { html, type Markup } from './html-markup.ts';
import { stepBars } from './html-steps.ts';
import { summaryText } from './layout.ts';
import { bookFacts } from './layout-closing.ts';
import { errorBlocks } from './layout-error.ts';
import { pendingBlocks } from './layout-pending.ts';
import { stopBlocks } from './layout-stop.ts';
import type { Report } from './report.ts';

/** Full queues that are named; each model has one at most. */
const QUEUES = 40;

/** Everything that stands before the first section. */
export function writeVerdict(report: Report): Markup {
  const word = verdictWord(report.verdict);
  const lead = `${word}: `;
  const rest = report.headline.startsWith(lead) ? report.headline.slice(lead.length) : report.headline;
  return html`<p class="path"><code>${oneLine(report.provenance.path, 120)}</code></p>
<h1>${chip(report.verdict, word)}<span class="unseen">: </span>${oneLine(rest, 120)}</h1>
<div class="lead">
${writeBlocks(leadBlocks(report), stepBars(report))}</div>
<ul class="facts">${bookFacts(report).map((fact) => html`<li>${writeText(fact)}</li>`)}</ul>
`;
}

function leadBlocks(report: Report): readonly Block[] {
  switch (report.verdict) {
    case 'pending': {
      const { pending } = report;
      if (pending === null) return pendingBlocks(report);
      const fullQueues = pending.fullQueues.slice(0, QUEUES);
      return pendingBlocks({ ...report, pending: { ...pending, fullQueues } });
    }
    case 'error':
      return errorBlocks(report);
    case 'pass':
    case 'fail':
    case 'inconclusive':
    case 'dry_run':
      return [paragraph(summaryText(report)), ...stopBlocks(report)];
    default:
      return report.verdict satisfies never;
  }
}
