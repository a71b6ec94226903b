// Preloaded into a process: its clock is ahead by as many milliseconds as the file says that the query names. What it
// measures or waits for with anything but Date is as it was.
import { readFileSync } from 'node:fs';

const file = new URL(import.meta.url).searchParams.get('file');
const SystemDate = Date;
const now = () => SystemDate.now() + Number(readFileSync(file, 'utf8'));

globalThis.Date = class extends SystemDate {
  constructor(...parts) {
    if (parts.length === 0) super(now());
    else super(...parts);
  }

  static now() {
    return now();
  }
};
