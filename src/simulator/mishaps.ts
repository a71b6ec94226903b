// Network mishaps asked for by a test: held in this process only, each happens a given number of times.

/** What may go wrong on the wire. */
export type Mishap =
  /** A batch is created, then the connection is cut before the answer. */
  | { readonly kind: 'lose_create_answer'; readonly times: number }
  /** Requests with this method, whose path starts so, are answered with this status and do nothing. */
  | {
      readonly kind: 'fail';
      readonly method: string;
      readonly path: string;
      readonly status: number;
      readonly times: number;
      readonly code?: string;
    }
  /** A download is cut after so many bytes. */
  | { readonly kind: 'cut_download'; readonly afterBytes: number; readonly times: number };

/** The mishaps still to come. */
export interface Mishaps {
  add(mishap: Mishap): void;
  /** The first mishap of a kind that fits; it has then happened once more. */
  take<K extends Mishap['kind']>(
    kind: K,
    fits?: (mishap: Extract<Mishap, { kind: K }>) => boolean,
  ): Extract<Mishap, { kind: K }> | null;
}

/** An empty list of mishaps. */
export function createMishaps(): Mishaps {
  const waiting: { mishap: Mishap; left: number }[] = [];
  return {
    add(mishap) {
      waiting.push({ mishap, left: mishap.times });
    },
    take<K extends Mishap['kind']>(kind: K, fits = (_: Extract<Mishap, { kind: K }>) => true) {
      for (const entry of waiting) {
        if (entry.left <= 0 || entry.mishap.kind !== kind) continue;
        const mishap = entry.mishap as Extract<Mishap, { kind: K }>;
        if (!fits(mishap)) continue;
        entry.left--;
        return mishap;
      }
      return null;
    },
  };
}
