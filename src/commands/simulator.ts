// The simulator as a process of its own, until it is told to stop.
import { FaultsError, parseFaults } from '../simulator/faults.ts';
import { startSimulator } from '../simulator/server.ts';
import { usageError } from './arguments.ts';
import { makeFolder } from './new-folder.ts';
import { readScenario } from './scenario.ts';

export interface SimulatorRequest {
  readonly directory: string;
  readonly port: number;
  readonly faults: string;
  readonly latency: { readonly minMs: number; readonly maxMs: number };
  /** A scenario file, or null. What it says is kept in the directory and goes before the other settings. */
  readonly scenario: string | null;
}

/** Serves until the signal; `started` hears the address. */
export async function serveSimulator(
  request: SimulatorRequest,
  signal: AbortSignal,
  started: (url: string) => void,
): Promise<void> {
  const { directory, port, latency } = request;
  await makeFolder(directory, '--dir');
  const simulator = await startSimulator({
    directory,
    port,
    latency,
    faults: readFaultsText(request.faults),
    ...(request.scenario === null ? {} : { scenario: readScenario(request.scenario) }),
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
