/** The parts that need no test runner: the chaos run is a program of its own. */

export { freePort } from './free-port.ts';
export { type ProcessExit, type SpawnedProcess, type SpawnOptions, spawnProcess } from './spawned-process.ts';
