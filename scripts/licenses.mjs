// The licences of every package in a bundle, from webpack's own list of its modules. ncc's `--license` names only
// those of one chunk, and a bundle that loads SDKs when they are needed has several.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of a licence file: name, version, licence and its words, for each package, by name. */
export function licensesOf(stats) {
  const folders = new Set(stats.modules.flatMap((module) => packageFolder(module.nameForCondition) ?? []));
  const texts = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const words = readdirSync(folder)
      .filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file))
      .sort()
      .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
    return [`${name} ${version}: ${license}`, ...words].join('\n\n');
  });
  return `${texts.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** `.../node_modules/@scope/name` of a file in it; null for a file of no package. */
function packageFolder(file) {
  const folder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file ?? '')?.[0];
  return folder !== undefined && existsSync(join(folder, 'package.json')) ? folder : null;
}
