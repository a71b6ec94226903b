// Prints the notes of a release from CHANGELOG.md, and fails when the tag and what it stands on do not agree.
// Usage: node scripts/release.mjs vX.Y.Z   It publishes nothing: .github/workflows/release.yml does.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './stages.mjs';

const tag = process.argv[2] ?? '';
const version = /^v(\d+\.\d+\.\d+)$/.exec(tag)?.[1];
if (version === undefined) fail(`"${tag}" is no tag of a release. Name it like v1.2.3.`);

const manifest = JSON.parse(read('package.json'));
if (manifest.version !== version)
  fail(`package.json says ${manifest.version}. Set it to ${version}, with ENGINE_VERSION, before the tag.`);

const notes = sectionOf(read('CHANGELOG.md'), version);
if (notes === '') fail(`CHANGELOG.md says nothing below "## ${version}". Write what has changed.`);

/** A part of GitHub's own artifact client, published by its author without a word about a licence. */
const SILENT = ['buffers 0.1.1: undefined'];

for (const entry of readdirSync(join(root, 'dist'))) {
  const licences = read(join('dist', entry, 'licenses.txt'));
  const found = licences.match(/^\S+ \d\S*: (?:undefined|UNLICENSED|SEE LICENSE.*)$/gm) ?? [];
  const unknown = found.filter((line) => !SILENT.includes(line));
  if (unknown.length > 0) fail(`dist/${entry} has a package of unknown licence: ${unknown[0]}. Replace it.`);
}
console.log(notes);

/** What stands below `## version`, up to the next heading of that depth. */
function sectionOf(text, name) {
  const sections = text.replaceAll('\r\n', '\n').split(/^## /m).slice(1);
  const section = sections.find((one) => one.slice(0, one.indexOf('\n')).trim() === name) ?? '\n';
  return section.slice(section.indexOf('\n')).trim();
}

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
