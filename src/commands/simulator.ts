// The simulator as a process of its own, until it is told to stop.
import { FaultsError, parseFaults } from '../simulator/faults.ts';
import { startSimulator } from '../simulator/server.ts';
import { usageError } from './arguments.ts';

export interface SimulatorRequest {
  readonly directory: string;
  readonly port: number;
  readonly faults: string;
  readonly latency: { readonly minMs: number; readonly maxMs: number };
}

/** Serves until the signal; `started` hears the address. */
export async function serveSimulator(
  request: SimulatorRequest,
  signal: AbortSignal,
  started: (url: string) => void,
): Promise<void> {
  const { directory, port, latency } = request;
  const simulator = await startSimulator({
    directory,
    port,
    latency,
    faults: readFaultsText(request.faults),
  });
  started(simulator.url);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await simulator.close();
}

/** Checks the text form of faults. Throws a ConfigurationError. */
export function readFaultsText(text: string): ReturnType<typeof parseFaults> {
  try {
    return parseFaults(text);
  } catch (error) {
    if (!(error instanceof FaultsError)) throw error;
    throw usageError('--simulator-faults', error.what, error.fix);
  }
}
