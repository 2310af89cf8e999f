import { parentPort, workerData } from 'node:worker_threads';
import { inspectVideo } from './inspect-video.ts';

/** The other end of `verifyVideo`: examines one file, says one verdict, and ends. An error of the machine ends it as an 'error' event. */
parentPort?.postMessage(await inspectVideo(String(workerData)));
