// Preloaded into a process: its clock is off by so many milliseconds, as on a machine that was set wrong.
const offset = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const SystemDate = Date;

globalThis.Date = class extends SystemDate {
  constructor(...parts) {
    if (parts.length === 0) super(SystemDate.now() + offset);
    else super(...parts);
  }

  static now() {
    return SystemDate.now() + offset;
  }
};
