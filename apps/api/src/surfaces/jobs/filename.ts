import type { VideoJob } from '@video-proxy/core';

const lengthMax = 60;

const extensions: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'image/jpeg': 'jpg',
};

/** What a file is called when somebody saves it: the first words of its prompt, whatever their script, or its id. */
export function filenameOf({ id, prompt }: Pick<VideoJob, 'id' | 'prompt'>, contentType: string): string {
  return `${titleOf(prompt ?? '') || id}.${extensions[contentType] ?? 'bin'}`;
}

/** Without what file systems refuse, ends of names that Windows drops, and half a character at the cut. */
function titleOf(prompt: string): string {
  const plain = prompt
    .replaceAll(/[\p{C}\\/:*?"<>|]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const letters = Array.from(plain);
  const cut = letters.slice(0, lengthMax).join('');
  const words = letters.length > lengthMax && cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut;
  return words.replace(/^[. ]+|[. ]+$/g, '');
}
