// HTML that is safe by construction: text becomes markup only through `html`, which escapes whatever is put into it.
// There is no way to write raw text but the templates of this program and the two constants of the page.
import { escapeHtml } from './escape.ts';

/** A finished piece of HTML. Made by `html`, never from text. */
export interface Markup {
  readonly markup: string;
}

export type Part = Markup | readonly Markup[] | string | number | null;

/** The template as markup: strings in it are escaped, markup and lists of it are taken as they are, null is nothing. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return {
    markup: template.reduce((sum, text, i) => `${sum}${text}${i < parts.length ? write(parts[i]!) : ''}`, ''),
  };
}

function write(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

/** A style or a script of this program, as it is: the hash that lets it run is that of these very bytes. */
export function ownCode(element: 'style' | 'script', text: string): Markup {
  return { markup: `<${element}>${text}</${element}>` };
}

/** Data for the page's script: JSON in which nothing can end the element. Its texts are visible ones already. */
export function dataBlock(id: string, value: unknown): Markup {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { markup: `<script type="application/json" id="${escapeHtml(id)}">${json}</script>` };
}
