#!/usr/bin/env node
/** The command `video-proxy`: the same bootstrap, then the command line application, whatever its arguments are. */
import { bootstrapAndRun } from './bootstrap/bootstrap-and-run.mjs';

const [command = 'help', ...args] = process.argv.slice(2);
await bootstrapAndRun(['video-proxy', command, ...args]);
