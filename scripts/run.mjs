#!/usr/bin/env node
/**
 * What `npm start`, `npm test` and the others run. Plain JavaScript without dependencies: it must work on Node 20 right
 * after `git clone`, gets what is missing, and then starts the program on the right Node.
 *
 * One launcher and not a `&&` chain, because a shell remembers where it found `node` and would go on with the old one.
 */
import { bootstrapAndRun } from './bootstrap/bootstrap-and-run.mjs';

await bootstrapAndRun(process.argv.slice(2));
