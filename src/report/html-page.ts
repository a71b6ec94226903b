// The frame of the page: a policy that lets nothing in and nothing out but this page's own style and script, named by
// their hashes. The empty icon keeps a browser from asking a server for one.
import { sha256Hex } from '../expression/sha256.ts';
import { oneLine } from './escape.ts';
import { html, type Markup, ownCode } from './html-markup.ts';
import { SCRIPT } from './html-script.ts';
import { STYLE } from './html-style.ts';

/** A document with that title and body. */
export function writePage(title: string, body: Markup): string {
  const policy = `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${oneLine(title, 200)}</title>
${ownCode('style', STYLE)}
</head>
<body>
${body}${ownCode('script', SCRIPT)}
</body>
</html>
`.markup;
}

/** How a policy names the text of an inline element: SHA-256 of its UTF-8 bytes, in base64. */
function hashOf(text: string): string {
  const bytes = sha256Hex(text).match(/../g)!;
  return `'sha256-${btoa(String.fromCharCode(...bytes.map((hex) => Number.parseInt(hex, 16))))}'`;
}
