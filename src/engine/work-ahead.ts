// Work that is begun before its turn, so that nobody waits for it while what came before is written. It decides nothing:
// whatever is asked for next and was not begun is begun then, and what was begun in vain is forgotten.

/** Pieces of work under way, by name. The same name always gives the same result. */
export class WorkAhead<T> {
  private readonly begun = new Map<string, Promise<T>>();

  /** Begins a piece of work, unless it is under way. */
  begin(name: string, work: () => Promise<T>): void {
    if (this.begun.has(name)) return;
    const result = work();
    // Whoever takes it hears of it; nobody may.
    result.catch(() => {});
    this.begun.set(name, result);
  }

  /** The result of a piece of work, which is begun now if it was not. Nothing else is under way then that was not next. */
  take(name: string, work: () => Promise<T>): Promise<T> {
    const known = this.begun.get(name);
    if (known === undefined) {
      this.begun.clear();
      return work();
    }
    this.begun.delete(name);
    return known;
  }
}
