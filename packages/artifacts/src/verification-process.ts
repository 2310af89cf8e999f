import { inspectVideo } from './inspect-video.ts';

/** The process behind `verifyVideo`: examines the file named by its argument, prints one verdict, and ends. */
process.stdout.write(JSON.stringify(await inspectVideo(String(process.argv[2]))));
