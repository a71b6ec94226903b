// The licences of every package in a bundle, from webpack's own list of its modules. ncc's `--license` names only
// those of one chunk, and a bundle that loads SDKs when they are needed has several.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of a licence file: name, version, licence and its words, for each package, by name. */
export function licensesOf(stats) {
  const folders = new Set(stats.modules.flatMap((module) => packageFolder(module.nameForCondition) ?? []));
  const texts = [...folders].map((folder) => {
    const facts = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).sort();
    const texts = (pattern) =>
      files.filter((file) => pattern.test(file)).map((file) => wordsOf(folder, file));
    const own = texts(/^(licen[cs]e|copying|notice)\b/i);
    const words = own.length > 0 ? own : texts(/^readme\b/i).flatMap((text) => sectionOf(text) ?? []);
    if (words.length === 0) words.push(originOf(facts));
    return [`${facts.name} ${facts.version}: ${facts.license}`, ...words].join('\n\n');
  });
  return `${texts.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function wordsOf(folder, file) {
  return readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
}

/** The words below a heading `License`, which some packages have in their README only, up to the next heading. */
function sectionOf(readme) {
  const section = /^(?:#+ *licen[cs]e\b.*\n|licen[cs]e\b.*\n[-=]{3,}\n)([\s\S]*)/im.exec(readme)?.[1] ?? '';
  const [words = ''] = section.split(/^(?:#+ .*|.+\n[-=]{3,})$/m);
  return words.trim() === '' ? null : words.trim();
}

/** Who made a package that brings no words of its licence. */
function originOf({ author, repository }) {
  const [name, place] = [author?.name ?? author ?? 'unknown authors', repository?.url ?? repository ?? ''];
  return `By ${name}. The package brings no text of its licence. ${place}`.trim();
}

/** `.../node_modules/@scope/name` of a file in it; null for a file of no package. */
function packageFolder(file) {
  const folder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file ?? '')?.[0];
  return folder !== undefined && existsSync(join(folder, 'package.json')) ? folder : null;
}
