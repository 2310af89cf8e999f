import { z } from 'zod';

/** The end of the year 9999. Whoever gives milliseconds is beyond it, and is told so instead of being taken at their word. */
const latest = 253_402_300_799;
const meant = 'must be a time in unix seconds';

/** A time in a body. */
export const givenTime = z.int(meant).min(0, meant).max(latest, meant);

/** For `refine`: between a beginning and an end that is not later there is nothing, and whoever asks has mixed them up. */
export const isInOrder = ({ from, to }: { readonly from?: number | undefined; readonly to?: number | undefined }) =>
  from === undefined || to === undefined || from < to;
export const notInOrder = { path: ['from'], message: 'must be earlier than `to`' };

/** The same in a query, where nothing is no time either. */
export const givenTimeInQuery = z
  .string()
  .regex(/^\d{1,15}$/, meant)
  .transform(Number)
  .pipe(givenTime);
