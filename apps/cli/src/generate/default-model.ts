/** Documented, in the middle of the price list, and quick: about a minute a clip. */
export const defaultModel = 'google/veo-3.1-t2v-fast';
