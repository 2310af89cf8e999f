const promptLength = 1_024;

/** A create request with a prompt of 1 KB, as it leaves a chat. */
export function newJobBody(sandboxWords = ''): string {
  const prompt = `${sandboxWords} A paper boat sails down a rain gutter at dawn, filmed from the water. `.padEnd(
    promptLength,
    'The camera follows it. ',
  );
  return JSON.stringify({ model: 'google/veo-3.1-t2v-fast', prompt, parameters: { duration: 8, resolution: '720p' } });
}
